"""The people: four adults who differ in sex, age, build, skin, hair and clothes."""

from __future__ import annotations

from pathlib import Path

from environments.assets.build.human import Person, make_person
from environments.assets.build.human_clothes import Cut
from environments.assets.build.human_data import Build
from environments.assets.build.human_hair import Style
from environments.assets.build.human_paint import Cloth, Skin
from environments.assets.build.sources import human_data

PEOPLE = {
    "woman_navy": Person(
        Build(0.0, 0.55, 0.5, 0.48, 0.55, ideal=0.7),
        Skin((0.80, 0.60, 0.50), iris=(0.25, 0.27, 0.26), lipstick=0.25, brows=0.8),
        Style((0.27, 0.165, 0.095), thick_m=0.016, length_m=0.30, fall=0.85, cards=112, width_m=0.038, part_m=0.022),
        Cut("crew", fold_m=0.010, taper=0.38, knee_m=0.060, hem_m=0.061, below_hip_m=0.02),
        Cloth((0.10, 0.14, 0.25), (0.20, 0.25, 0.34), (0.80, 0.79, 0.77), pattern="knit", denim=True),
        seed=11,
    ),
    "man_shirt": Person(
        Build(1.0, 0.62, 0.5, 0.68, 0.45, asian=0.4, caucasian=0.6),
        Skin((0.64, 0.47, 0.37), iris=(0.17, 0.10, 0.06), stubble=0.75, lines=0.45, brows=0.95),
        Style((0.055, 0.045, 0.042), thick_m=0.014, length_m=0.05, fall=0.25, cards=150, receding_m=0.008, grey=0.1),
        Cut("shirt", tucked=True, top_off_m=0.014, fold_m=0.011, taper=0.30, knee_m=0.070, hem_m=0.069),
        Cloth((0.60, 0.70, 0.82), (0.44, 0.37, 0.27), (0.24, 0.14, 0.08), sole=(0.10, 0.08, 0.07), opening="buttons"),
        wide=0.06,
        seed=23,
    ),
    "woman_cardigan": Person(
        Build(0.0, 0.84, 0.45, 0.55, 0.62, asian=1.0, caucasian=0.0),
        Skin((0.76, 0.58, 0.46), iris=(0.15, 0.09, 0.05), lines=0.9, lipstick=0.35, brows=0.75),
        Style(
            (0.36, 0.35, 0.34),
            thick_m=0.020,
            length_m=0.17,
            fall=0.75,
            cards=112,
            width_m=0.034,
            part_m=-0.02,
            grey=0.8,
        ),
        Cut("crew", below_hip_m=0.07, top_off_m=0.018, fold_m=0.009, taper=0.12, knee_m=0.066, hem_m=0.063),
        Cloth(
            (0.40, 0.10, 0.14),
            (0.30, 0.30, 0.31),
            (0.10, 0.09, 0.09),
            sole=(0.08, 0.08, 0.08),
            pattern="knit",
            opening="vee",
        ),
        seed=37,
    ),
    "man_jacket": Person(
        Build(1.0, 0.52, 0.6, 0.42, 0.30, african=1.0, caucasian=0.0),
        Skin((0.36, 0.22, 0.155), iris=(0.12, 0.07, 0.045), stubble=0.35, brows=0.9),
        Style((0.035, 0.030, 0.028), thick_m=0.007, length_m=0.014, fall=0.0, cards=30, width_m=0.014, sides=0.45),
        Cut(
            "stand",
            below_hip_m=0.03,
            top_off_m=0.022,
            fold_m=0.012,
            taper=0.18,
            knee_m=0.060,
            hem_m=0.061,
            sleeve_m=0.060,
        ),
        Cloth((0.22, 0.27, 0.19), (0.075, 0.078, 0.085), (0.85, 0.84, 0.82), opening="zip", denim=True),
        wide=0.02,
        seed=41,
    ),
}


def make(folder: Path, only: str) -> None:
    """Write one of the people below `people` in a folder."""
    (folder / "people").mkdir(parents=True, exist_ok=True)
    make_person(PEOPLE[only], human_data(), folder / "people" / f"{only}.glb")
