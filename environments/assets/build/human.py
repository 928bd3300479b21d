"""Makes one person: body, clothes, hair, textures, skeleton, morphs and an idle clip in one GLB."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from environments.assets.build.human_clothes import Cut, Figure, shoes, top, trousers
from environments.assets.build.human_data import Body, Build, applied, macro_shares, read_body
from environments.assets.build.human_file import write_person
from environments.assets.build.human_hair import Head, Style, hair_cap, hair_cards
from environments.assets.build.human_maps import Pieces, painted
from environments.assets.build.human_paint import Cloth, Skin
from environments.assets.build.human_rig import Rig, lowered, read_rig, stood
from environments.assets.build.mesh import Floats, Part, joined, kept
from environments.assets.build.paint import smoothstep
from environments.assets.build.reduce import decimated

# Triangles of each piece.
_BUDGET = {"head": 2100, "hand": 320, "top": 1450, "trousers": 850, "shoes": 420}
_UNIT = "expression/units/caucasian/"
MORPHS = {
    "blink_l": {f"{_UNIT}eye-left-closure": 1.0},
    "blink_r": {f"{_UNIT}eye-right-closure": 1.0},
    "smile": {
        f"{_UNIT}mouth-corner-puller": 0.55,
        f"{_UNIT}mouth-elevation": 0.25,
        f"{_UNIT}eye-left-slit": 0.12,
        f"{_UNIT}eye-right-slit": 0.12,
    },
    "frown": {f"{_UNIT}eyebrows-left-down": 0.8, f"{_UNIT}eyebrows-right-down": 0.8, f"{_UNIT}mouth-depression": 0.35},
}
SPEAKING = {"open": {f"{_UNIT}mouth-open": 0.8}}


@dataclass(frozen=True, slots=True)
class Person:
    """Who is to be made: build and further targets, skin, hair, how clothes are cut and coloured.

    Pictures are `smaller` times smaller; who `speaks` has a mouth that opens.
    """

    build: Build
    skin: Skin
    hair: Style
    cut: Cut
    cloth: Cloth
    targets: dict[str, float] = field(default_factory=dict)
    wide: float = 0.0
    seed: int = 1
    smaller: int = 1
    speaks: bool = False


def make_person(person: Person, data: Path, path: Path) -> None:
    """Build the person and write the file."""
    body = read_body(data)
    points = applied(body.points, data, macro_shares(person.build) | person.targets)
    rig, posed = stood(read_rig(data, points), points, person.wide)
    faces = MORPHS | (SPEAKING if person.speaks else {})
    morphs = {name: applied(np.zeros_like(points), data, shares) for name, shares in faces.items()}
    pieces = _pieces(body, rig, posed, morphs, person)
    drop = pieces.parts["shoes"].points[:, 1].min()
    pieces = pieces.moved(np.array([0.0, -drop, 0.0]))
    pictures = painted(pieces, person.skin, person.hair, person.cloth, person.smaller)
    write_person(path, pieces, pictures, lowered(rig, np.array([0, -drop, 0])))


def _whole(name: str, body: Body, rig: Rig, posed: Floats, morphs: dict[str, Floats]) -> Part:
    return Part(posed, body.triangles[name], body.uv[name], rig.weights, morphs)


def _pieces(body: Body, rig: Rig, posed: Floats, morphs: dict[str, Floats], person: Person) -> Pieces:
    flesh = _whole("body", body, rig, posed, morphs)
    tights = replace(
        kept(_whole("helper-tights", body, rig, posed, {}), np.ones(len(body.triangles["helper-tights"]), bool))
    )
    figure = Figure(rig, tights, float(tights.points[:, 1].min()))
    head = _head(flesh, rig)
    face = _face(flesh, rig)
    cap = hair_cap(face, head, person.hair)
    parts = {
        "head": decimated(face, _BUDGET["head"], _detail(face, head)),
        "top": decimated(top(figure, person.cut, person.seed), _BUDGET["top"]),
        "trousers": decimated(trousers(figure, person.cut, person.seed + 1), _BUDGET["trousers"]),
        "shoes": decimated(shoes(figure), _BUDGET["shoes"]),
        "cap": cap,
    }
    for side in ("l", "r"):
        parts[f"hand_{side}"] = decimated(_hand(flesh, rig, side), _BUDGET["hand"])
        parts[f"eye_{side}"] = kept(
            _whole(f"helper-{side}-eye", body, rig, posed, {}), np.ones(len(body.triangles[f"helper-{side}-eye"]), bool)
        )
    lashes = [_whole(f"helper-{s}-eyelashes-{k}", body, rig, posed, morphs) for s in ("l", "r") for k in (2,)]
    parts["lashes"] = joined([kept(p, np.ones(len(p.triangles), bool)) for p in lashes])
    clothed = joined([replace(flesh_part, morphs={}) for flesh_part in (parts["head"], parts["top"])])
    parts["cards"] = hair_cards(cap, clothed, head, person.hair, person.seed)
    return Pieces(parts, head, figure)


def _head(flesh: Part, rig: Rig) -> Head:
    eyes = (rig.places[rig.index("eye_l")] + rig.places[rig.index("eye_r")]) / 2
    used = flesh.points[np.unique(flesh.triangles)]
    skull = used[used[:, 1] > eyes[1] + 0.03]
    return Head(
        eyes, np.array([0.0, eyes[1] + 0.015, (skull[:, 2].min() + skull[:, 2].max()) / 2]), float(used[:, 1].max())
    )


def _share(flesh: Part, rig: Rig, *starts: str) -> Floats:
    columns = [k for k, name in enumerate(rig.names) if name.startswith(starts)]
    return np.asarray(flesh.weights[:, columns].sum(1))


def _face(flesh: Part, rig: Rig) -> Part:
    """Head and neck down to below any collar."""
    neck = rig.places[rig.index("neck_01")]
    centre = flesh.points[flesh.triangles].mean(1)
    low = neck[1] - 0.045 - (centre[:, 2] - neck[2]) * 0.5
    arms = _share(flesh, rig, "upperarm", "lowerarm", "hand", "thumb", "index", "middle", "ring", "pinky", "clavicle")
    near = np.abs(centre[:, 0]) < 0.11
    mouth = flesh.uv[..., 1].max(1) > 0.85  # its inside, which nobody sees, lies apart in the data's coordinates
    return kept(flesh, (centre[:, 1] > low) & near & (arms[flesh.triangles].max(1) < 0.6) & ~mouth)


def _detail(face: Part, head: Head) -> Floats:
    """Where a face needs its triangles: eyes and mouth first, then the front."""
    rel = face.points - head.eyes
    x, y = np.abs(rel[:, 0]), rel[:, 1]
    front = smoothstep(-0.05, -0.015, rel[:, 2])
    eyes = np.exp(-(((x - 0.031) / 0.026) ** 2) - (y / 0.020) ** 2)
    mouth = np.exp(-((x / 0.032) ** 2) - ((y + 0.072) / 0.024) ** 2)
    nose = np.exp(-((x / 0.022) ** 2) - ((y + 0.035) / 0.03) ** 2)
    return np.asarray(np.clip((np.maximum(eyes, mouth) + 0.6 * nose) * front, 0, 0.97) * 0.9 + 0.08 * front)


def _hand(flesh: Part, rig: Rig, side: str) -> Part:
    fingers = [f"{f}_0{k}_{side}" for f in ("thumb", "index", "middle", "ring", "pinky") for k in (1, 2, 3)]
    share = _share(flesh, rig, f"hand_{side}", *fingers)
    wrist = rig.places[rig.index(f"hand_{side}")]
    arm = _share(flesh, rig, f"lowerarm_{side}")
    near = np.linalg.norm(flesh.points - wrist, axis=1) < 0.035
    return kept(flesh, ((share > 0.5) | (near & (arm > 0.3)))[flesh.triangles].all(1))
