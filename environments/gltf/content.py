"""What a glTF file holds beside surfaces: skeletons, clips, cameras and lamps, as plain arrays.

Rotations are quaternions x, y, z, w; matrices are row-major and turn columns; axes and metres are those of
`environments.render.model`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from environments.render.lamps import Lamp as RenderLamp
from environments.render.model import Character, Float32, Item, SceneModel

ChannelPath = Literal["translation", "rotation", "scale", "weights"]
Interpolation = Literal["STEP", "LINEAR", "CUBICSPLINE"]


@dataclass(frozen=True, slots=True, eq=False)
class Skeleton:
    """A tree of j joints; every joint stands after its parent, and a root's parent is -1.

    `parents` (j,), `names` j, rest pose relative to the parent as `translations_m` (j, 3), `rotations` (j, 4) and
    `scales` (j, 3).  A joint matrix for `Poses.joints` is the joint's own matrix in the body's space times its
    `inverse_binds` (j, 4, 4).  Nodes above the first joint that a clip moves are joints too, with a unit inverse bind.
    """

    parents: NDArray[np.int32]
    names: tuple[str, ...]
    translations_m: Float32
    rotations: Float32
    scales: Float32
    inverse_binds: Float32


@dataclass(frozen=True, slots=True, eq=False)
class Channel:
    """One curve of a clip: what the joint `target` of a skeleton does along `path`.

    `times_s` (k,) rise strictly.  `values` are (k, 3), (k, 4) for rotations or (k, t) for weights of t morph targets,
    where `target` is 0; with CUBICSPLINE (k, 3, ...): the tangent into the key, the value, the tangent out of it.
    Before the first and after the last key the curve holds still.
    """

    target: int
    path: ChannelPath
    times_s: Float32
    values: Float32
    interpolation: Interpolation


@dataclass(frozen=True, slots=True, eq=False)
class Clip:
    """A named movement of a skeleton that ends at `duration_s`, the last key of all its channels."""

    name: str
    duration_s: float
    channels: tuple[Channel, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """A character with the skeleton that moves it, its clips and the names of its morph targets.

    `morph_defaults` (t,) are the weights 0-1 that the file shows at rest; `place` (4, 4) body-to-world is where the
    file puts the body.
    """

    character: Character
    skeleton: Skeleton
    clips: tuple[Clip, ...]
    morph_names: tuple[str, ...]
    morph_defaults: Float32
    place: Float32 = field(default_factory=lambda: np.eye(4, dtype=np.float32))


@dataclass(frozen=True, slots=True, eq=False)
class NamedCamera:
    """A perspective camera of the file; `place` (4, 4) is camera-to-world and the camera looks along its own -z."""

    name: str
    place: Float32
    vertical_fov_deg: float


@dataclass(frozen=True, slots=True, eq=False)
class Lamp:
    """A lamp (KHR_lights_punctual): intensity in candela, or lux for a directional one, along its own -z.

    `range_m` 0 is without end; the cone angles are those of a spot, from its axis.
    """

    name: str
    kind: Literal["directional", "point", "spot"]
    place: Float32
    color_linear: tuple[float, float, float]
    intensity: float
    range_m: float
    inner_cone_deg: float
    outer_cone_deg: float


@dataclass(frozen=True, slots=True, eq=False)
class PlacedItem:
    """An item and, for each of its k instances, the index of its node in `Content.nodes`."""

    item: Item
    nodes: NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Content:
    """All of a file: what stands still or is moved by its nodes, bodies, clips of the nodes, cameras and lamps.

    `nodes` is the whole tree of nodes as one skeleton (unit inverse binds), so that `clips` move it as they move a
    body; `extras` (one for each node) is what the author wrote into the node's custom properties.
    """

    placed: tuple[PlacedItem, ...]
    bodies: tuple[Body, ...]
    nodes: Skeleton
    clips: tuple[Clip, ...]
    extras: tuple[dict[str, object], ...]
    cameras: tuple[NamedCamera, ...]
    lamps: tuple[Lamp, ...]

    @property
    def model(self) -> SceneModel:
        """Everything at rest, as one scene."""
        items, bodies = tuple(one.item for one in self.placed), tuple(one.character for one in self.bodies)
        return SceneModel(items, characters=bodies, lamps=self.shining)

    @property
    def shining(self) -> tuple[RenderLamp, ...]:
        """Point lamps and spots as they are drawn; the scene's sun stands for directional ones."""
        return tuple(shining_lamp(one) for one in self.lamps if one.kind != "directional")


def shining_lamp(lamp: Lamp) -> RenderLamp:
    """A point lamp or a spot of a file as it is drawn: along its own -z."""
    x, y, z = lamp.place[:3, 3].tolist()
    ahead = -lamp.place[:3, 2].astype(np.float64)
    right, up, back = (ahead / max(float(np.linalg.norm(ahead)), 1e-9)).tolist()
    cone = (lamp.inner_cone_deg, lamp.outer_cone_deg) if lamp.kind == "spot" else None
    return RenderLamp((x, y, z), lamp.intensity, lamp.color_linear, lamp.range_m, (right, up, back), cone)
