"""The audience of the lecture hall: twenty-four more adults, with smaller pictures than those who come near."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from environments.assets.build.human import Person, make_person
from environments.assets.build.human_clothes import Cut
from environments.assets.build.human_data import Build
from environments.assets.build.human_hair import Style
from environments.assets.build.human_paint import Cloth, Skin
from environments.assets.build.sources import human_data

_JEANS, _GREY, _BLACK, _SAND = (0.13, 0.17, 0.25), (0.24, 0.24, 0.26), (0.06, 0.06, 0.065), (0.42, 0.36, 0.27)
_CREW = Cut("crew", fold_m=0.010, below_hip_m=0.03)
_SHIRT = Cut("shirt", fold_m=0.011, top_off_m=0.014, below_hip_m=0.03)
_OPEN = Cut("crew", below_hip_m=0.06, top_off_m=0.018, fold_m=0.009)
_STAND = Cut("stand", below_hip_m=0.03, top_off_m=0.021, fold_m=0.012, taper=0.18, sleeve_m=0.058)


def _bob(colour: tuple[float, float, float], length_m: float = 0.17, grey: float = 0.0) -> Style:
    return Style(colour, thick_m=0.019, length_m=length_m, fall=0.78, cards=112, width_m=0.034, part_m=-0.02, grey=grey)


def _short(colour: tuple[float, float, float], length_m: float = 0.05, grey: float = 0.0, back_m: float = 0.0) -> Style:
    return Style(
        colour, thick_m=0.014, length_m=length_m, fall=0.25, cards=140, receding_m=back_m, grey=grey, part_m=0.03
    )


def _cropped(colour: tuple[float, float, float], grey: float = 0.0, back_m: float = 0.0) -> Style:
    return Style(
        colour, thick_m=0.007, length_m=0.014, fall=0.0, cards=30, width_m=0.014, sides=0.45, grey=grey,
        receding_m=back_m,
    )  # fmt: skip


def _long(colour: tuple[float, float, float], part_m: float = 0.02, curl: float = 0.0) -> Style:
    return Style(colour, thick_m=0.016, length_m=0.30, fall=0.85, cards=112, width_m=0.038, part_m=part_m, curl=curl)


def _face(head: str, nose: str = "", mouth: str = "") -> dict[str, float]:
    """What shapes a head beside its build."""
    found = {f"head/head-{head}": 0.6}
    if nose:
        found[f"nose/nose-{nose}"] = 0.6
    if mouth:
        found[f"mouth/mouth-{mouth}"] = 0.5
    return found


LISTENING = {
    "woman_green": Person(
        Build(0.0, 0.52, 0.5, 0.5, 0.58, ideal=0.6),
        Skin((0.84, 0.64, 0.55), iris=(0.20, 0.30, 0.22), lipstick=0.15, brows=0.7),
        _long((0.33, 0.13, 0.06)), _CREW, Cloth((0.10, 0.25, 0.17), _JEANS, (0.5, 0.3, 0.2),
            pattern="knit", denim=True),
        _face("oval", "point-up"), seed=51,
    ),
    "woman_mustard": Person(
        Build(0.0, 0.56, 0.55, 0.6, 0.52, african=1.0, caucasian=0.0),
        Skin((0.40, 0.25, 0.18), iris=(0.12, 0.07, 0.045), lipstick=0.4, brows=0.85),
        _short((0.04, 0.032, 0.03), 0.045), _CREW, Cloth((0.62, 0.42, 0.09), _BLACK, (0.1, 0.1, 0.1), pattern="knit"),
        _face("round"), seed=52,
    ),
    "woman_stripes": Person(
        Build(0.0, 0.53, 0.42, 0.4, 0.52, asian=1.0, caucasian=0.0),
        Skin((0.80, 0.63, 0.51), iris=(0.14, 0.08, 0.05), lipstick=0.3, brows=0.8),
        _long((0.04, 0.033, 0.032), 0.0), _CREW,
        Cloth((0.86, 0.85, 0.82), _JEANS, (0.9, 0.9, 0.9), second=(0.12, 0.15, 0.28), pattern="stripes", denim=True),
        _face("invertedtriangular"), seed=53,
    ),
    "woman_blue": Person(
        Build(0.0, 0.90, 0.42, 0.58, 0.45),
        Skin((0.82, 0.65, 0.57), iris=(0.30, 0.36, 0.42), lines=1.0, lipstick=0.3, brows=0.5),
        _bob((0.72, 0.71, 0.70), 0.12, 0.95), _OPEN,
        Cloth((0.16, 0.26, 0.44), _GREY, (0.1, 0.1, 0.1), opening="vee"), _face("round", "point-down"), seed=54,
    ),
    "woman_rose": Person(
        Build(0.0, 0.66, 0.5, 0.62, 0.6),
        Skin((0.83, 0.62, 0.52), iris=(0.24, 0.30, 0.36), lines=0.35, lipstick=0.35, brows=0.55),
        _bob((0.62, 0.46, 0.26)), _SHIRT, Cloth((0.72, 0.48, 0.48), _SAND, (0.5, 0.35, 0.25), opening="buttons"),
        _face("square"), seed=55,
    ),
    "woman_teal": Person(
        Build(0.0, 0.6, 0.5, 0.52, 0.5, african=0.25, asian=0.3, caucasian=0.45),
        Skin((0.58, 0.40, 0.29), iris=(0.12, 0.07, 0.04), lipstick=0.3, brows=1.0),
        _long((0.05, 0.037, 0.033), -0.015), _OPEN,
        Cloth((0.05, 0.28, 0.30), _BLACK, (0.1, 0.1, 0.1), under=(0.8, 0.74, 0.62), opening="vee"), _face("oval"),
        seed=56,
    ),
    "woman_hood": Person(
        Build(0.0, 0.57, 0.6, 0.45, 0.66),
        Skin((0.78, 0.57, 0.46), iris=(0.22, 0.15, 0.08), brows=0.9),
        _short((0.10, 0.06, 0.04), 0.06), _STAND, Cloth((0.19, 0.19, 0.22), _JEANS, (0.8, 0.8, 0.8),
            opening="zip", denim=True),
        _face("diamond", "hump-incr"), seed=57,
    ),
    "woman_plum": Person(
        Build(0.0, 0.76, 0.45, 0.75, 0.48),
        Skin((0.80, 0.59, 0.49), iris=(0.18, 0.12, 0.07), lines=0.6, lipstick=0.5, brows=0.7),
        _bob((0.30, 0.12, 0.07), 0.14), _CREW, Cloth((0.26, 0.08, 0.20), _GREY, (0.1, 0.1, 0.1), pattern="knit"),
        _face("fat-incr"), seed=58,
    ),
    "man_check": Person(
        Build(1.0, 0.86, 0.45, 0.66, 0.5),
        Skin((0.79, 0.60, 0.51), iris=(0.26, 0.32, 0.36), stubble=0.4, lines=0.95, brows=0.8),
        _short((0.50, 0.49, 0.48), 0.04, 0.9, 0.024), _SHIRT,
        Cloth((0.70, 0.66, 0.58), _SAND, (0.2, 0.12, 0.08), second=(0.36, 0.16, 0.12), pattern="check",
            opening="buttons"),
        _face("rectangular", "scale-horiz-incr"), wide=0.04, seed=59,
    ),
    "man_stripes": Person(
        Build(1.0, 0.5, 0.5, 0.4, 0.5),
        Skin((0.80, 0.60, 0.50), iris=(0.22, 0.26, 0.20), stubble=0.25, brows=0.9),
        _short((0.20, 0.12, 0.065), 0.075), _CREW,
        Cloth((0.16, 0.20, 0.30), _JEANS, (0.85, 0.85, 0.85), second=(0.60, 0.60, 0.57), pattern="stripes", denim=True),
        _face("oval"), wide=0.02, seed=60,
    ),
    "man_blazer": Person(
        Build(1.0, 0.72, 0.55, 0.55, 0.62),
        Skin((0.74, 0.54, 0.44), iris=(0.16, 0.10, 0.06), stubble=0.45, lines=0.5, brows=0.95),
        _short((0.075, 0.058, 0.05), 0.045, 0.35, 0.006), _OPEN,
        Cloth((0.075, 0.085, 0.12), (0.09, 0.095, 0.12), (0.06, 0.04, 0.03), under=(0.84, 0.86, 0.90), opening="vee"),
        _face("square"), wide=0.04, seed=61,
    ),
    "man_black": Person(
        Build(1.0, 0.57, 0.5, 0.48, 0.45, asian=1.0, caucasian=0.0),
        Skin((0.76, 0.58, 0.46), iris=(0.13, 0.08, 0.05), stubble=0.15, brows=0.9),
        _short((0.035, 0.03, 0.03), 0.06), _CREW, Cloth((0.05, 0.05, 0.055), _GREY, (0.8, 0.8, 0.8)),
        _face("round"), wide=0.02, seed=62,
    ),
    "man_maroon": Person(
        Build(1.0, 0.68, 0.5, 0.92, 0.5),
        Skin((0.81, 0.60, 0.51), iris=(0.22, 0.18, 0.10), stubble=1.0, lines=0.3, brows=0.9),
        _cropped((0.14, 0.08, 0.05)), _CREW, Cloth((0.30, 0.07, 0.07), _JEANS, (0.2, 0.2, 0.2),
            pattern="knit", denim=True),
        _face("fat-incr", "point-width-incr"), wide=0.08, seed=63,
    ),
    "man_blond": Person(
        Build(1.0, 0.58, 0.62, 0.5, 0.52),
        Skin((0.84, 0.64, 0.55), iris=(0.28, 0.38, 0.46), stubble=0.3, brows=0.55),
        _short((0.56, 0.41, 0.22), 0.055), _SHIRT, Cloth((0.52, 0.62, 0.74), _SAND, (0.3, 0.2, 0.12),
            opening="buttons"),
        _face("rectangular"), wide=0.03, seed=64,
    ),
    "man_olive": Person(
        Build(1.0, 0.64, 0.5, 0.6, 0.5, african=0.25, asian=0.25, caucasian=0.5),
        Skin((0.55, 0.38, 0.27), iris=(0.11, 0.065, 0.04), stubble=1.0, brows=1.1),
        _short((0.035, 0.03, 0.028), 0.05, 0.1), _SHIRT, Cloth((0.28, 0.30, 0.17), _BLACK, (0.15, 0.1, 0.08),
            opening="buttons"),
        _face("oval", "hump-incr"), wide=0.04, seed=65,
    ),
    "man_grey": Person(
        Build(1.0, 0.88, 0.45, 0.5, 0.47, african=1.0, caucasian=0.0),
        Skin((0.30, 0.19, 0.135), iris=(0.10, 0.06, 0.04), stubble=0.5, lines=0.8, brows=0.7),
        _cropped((0.45, 0.44, 0.43), 0.9, 0.03), _OPEN,
        Cloth((0.33, 0.33, 0.34), _GREY, (0.08, 0.06, 0.05), under=(0.75, 0.77, 0.80), opening="vee"),
        _face("oval"), wide=0.02, seed=66,
    ),
    "woman_ochre": Person(
        Build(0.0, 0.62, 0.4, 0.35, 0.58),
        Skin((0.82, 0.63, 0.54), iris=(0.22, 0.28, 0.30), lines=0.2, lipstick=0.2, brows=0.8),
        _long((0.16, 0.09, 0.05), 0.03), _SHIRT, Cloth((0.60, 0.40, 0.22), _JEANS, (0.3, 0.2, 0.1),
            opening="buttons", denim=True),
        _face("rectangular", "greek-incr"), seed=71,
    ),
    "woman_white": Person(
        Build(0.0, 0.55, 0.5, 0.55, 0.5, african=0.6, asian=0.0, caucasian=0.4),
        Skin((0.50, 0.33, 0.24), iris=(0.13, 0.08, 0.05), lipstick=0.45, brows=0.9),
        _bob((0.06, 0.042, 0.036), 0.20), _SHIRT, Cloth((0.80, 0.79, 0.76), _BLACK, (0.1, 0.1, 0.1), opening="buttons"),
        _face("oval", "scale-horiz-incr"), seed=72,
    ),
    "woman_lilac": Person(
        Build(0.0, 0.82, 0.45, 0.7, 0.4, asian=0.3, caucasian=0.7),
        Skin((0.78, 0.60, 0.50), iris=(0.16, 0.10, 0.06), lines=0.85, lipstick=0.3, brows=0.6),
        _short((0.30, 0.28, 0.27), 0.06, 0.6), _OPEN,
        Cloth((0.44, 0.36, 0.52), _GREY, (0.1, 0.1, 0.1), under=(0.82, 0.80, 0.78), opening="vee"),
        _face("square"), seed=73,
    ),
    "woman_sky": Person(
        Build(0.0, 0.51, 0.5, 0.47, 0.55),
        Skin((0.86, 0.68, 0.59), iris=(0.30, 0.40, 0.48), lipstick=0.2, brows=0.5),
        _long((0.66, 0.50, 0.30), -0.02), _CREW, Cloth((0.42, 0.58, 0.70), _JEANS, (0.9, 0.9, 0.9),
            pattern="knit", denim=True),
        _face("triangular", "point-up"), seed=74,
    ),
    "man_rust": Person(
        Build(1.0, 0.6, 0.5, 0.52, 0.55),
        Skin((0.83, 0.62, 0.53), iris=(0.24, 0.30, 0.22), stubble=0.9, brows=0.7),
        _short((0.40, 0.17, 0.07), 0.06), _STAND, Cloth((0.42, 0.18, 0.08), _JEANS, (0.3, 0.2, 0.1),
            opening="zip", denim=True),
        _face("oval", "point-up"), wide=0.03, seed=75,
    ),
    "man_white": Person(
        Build(1.0, 0.66, 0.5, 0.45, 0.58, african=0.8, asian=0.0, caucasian=0.2),
        Skin((0.42, 0.27, 0.19), iris=(0.11, 0.07, 0.045), stubble=0.6, brows=0.9),
        _cropped((0.035, 0.03, 0.028)), _SHIRT, Cloth((0.82, 0.82, 0.80), _GREY, (0.1, 0.08, 0.06), opening="buttons"),
        _face("diamond"), wide=0.02, seed=76,
    ),
    "man_tan": Person(
        Build(1.0, 0.92, 0.4, 0.42, 0.48, asian=0.7, caucasian=0.3),
        Skin((0.75, 0.58, 0.47), iris=(0.14, 0.09, 0.06), stubble=0.3, lines=1.0, brows=0.7),
        _short((0.66, 0.65, 0.64), 0.03, 0.95, 0.03), _OPEN,
        Cloth((0.46, 0.38, 0.28), _SAND, (0.2, 0.14, 0.1), under=(0.50, 0.62, 0.74), opening="vee"),
        _face("invertedtriangular"),
        wide=0.02, seed=77,
    ),
    "man_teal": Person(
        Build(1.0, 0.54, 0.6, 0.55, 0.5),
        Skin((0.72, 0.52, 0.41), iris=(0.18, 0.12, 0.07), stubble=0.7, brows=1.0),
        _short((0.09, 0.06, 0.045), 0.09), _CREW, Cloth((0.06, 0.26, 0.28), _JEANS, (0.8, 0.8, 0.8),
            pattern="knit", denim=True),
        _face("square", "hump-incr"), wide=0.04, seed=78,
    ),
}  # fmt: skip


def make(folder: Path, only: str) -> None:
    """Write one of the listeners below `people` in a folder."""
    (folder / "people").mkdir(parents=True, exist_ok=True)
    make_person(replace(LISTENING[only], smaller=2, speaks=True), human_data(), folder / "people" / f"{only}.glb")
