"""What a scene hands to the renderer: plain geometry, materials and the light of a moment.

World axes: x right, y up, z towards the viewer (the patient looks along -z); metres.  Scenes build a
`SceneModel` once, then one `SceneFrame` for each drawn moment; both are free of OpenGL.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from environments.render.lamps import Lamp
from environments.render.water import Lake
from environments.render.ways import Going, Ways
from environments.scenes.manifest import ParameterValue

Float32 = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Mesh:
    """Triangles: positions and normals (n, 3), texture coordinates (n, 2), indices (m, 3).

    Texture coordinates are metres for procedural patterns and 0-1 (v down) for pictures; `light_uvs` (n, 2) are
    those of a baked light map; `colors` (n, 4) are linear factors of the material's colour; `coarse` (k, 3) are fewer
    triangles for machines without a graphics card.
    """

    positions_m: Float32
    normals: Float32
    uvs_m: Float32
    indices: NDArray[np.uint32]
    light_uvs: Float32 | None = None
    colors: Float32 | None = None
    coarse: NDArray[np.uint32] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A texture (h, w, 4) uint8, top row first; `is_colour` where its red, green and blue are sRGB-coded.

    `key` is the same for the same pixels, so that a picture used by many materials is uploaded once.
    """

    key: str
    pixels: NDArray[np.uint8]
    is_colour: bool


@dataclass(frozen=True, slots=True, eq=False)
class SurfaceMaps:
    """The pictures of a material, as glTF 2.0 means them; each multiplies the material's own numbers.

    `metallic_roughness` has roughness in green and metallic in blue; `occlusion` is read from red; `light` is baked
    irradiance over pi at the mesh's `light_uvs`, as colour times `light_scale`, and replaces the sky's diffuse light.
    `uv_transform` (2, 3) turns texture coordinates into those of the pictures.
    """

    base_color: Picture | None = None
    metallic_roughness: Picture | None = None
    normal: Picture | None = None
    occlusion: Picture | None = None
    emission: Picture | None = None
    light: Picture | None = None
    light_scale: float = 1.0
    normal_scale: float = 1.0
    occlusion_strength: float = 1.0
    uv_transform: tuple[tuple[float, float, float], tuple[float, float, float]] = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0))


@dataclass(frozen=True, slots=True)
class Material:
    """A metallic-roughness surface; `pattern` names a procedural detail (docs/scenes.md) drawn at `pattern_scale_m`.

    `maps` are pictures instead of one.  Parts with less alpha than `alpha_cutoff` are left out (0: none); `two_sided`
    surfaces are lit from both sides.
    """

    base_color_linear: tuple[float, float, float]
    roughness: float = 0.8
    metallic: float = 0.0
    pattern: str = "plain"
    pattern_scale_m: float = 1.0
    opacity: float = 1.0
    emission_linear: tuple[float, float, float] = (0.0, 0.0, 0.0)
    casts_shadow: bool = True
    sways: float = 0.0
    maps: SurfaceMaps | None = None
    alpha_cutoff: float = 0.0
    two_sided: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One mesh in one material; `transforms` is (k, 4, 4) row-major object-to-world for k instances.

    `group` lets a frame hide or move sets (see `SceneFrame`); what is `going`, or `streams` along x, is not moved.
    """

    name: str
    mesh: Mesh
    material: Material
    transforms: Float32
    group: str = "static"
    going: Going | None = None
    streams: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class SkinnedPart:
    """One mesh of a character in one material.

    `joints` (n, 4) uint16 and `weights` (n, 4) bind vertices to at most four joints; `morphs_m` and `morph_normals`
    (t, n, 3) are what each of t morph targets adds at full weight.
    """

    mesh: Mesh
    material: Material
    joints: NDArray[np.uint16]
    weights: Float32
    morphs_m: Float32 | None = None
    morph_normals: Float32 | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Character:
    """A body that a skeleton moves; drawn once for each pose that a frame gives to `name`.

    `radius_m` is that of a ball around a pose's origin that holds the body in every pose.
    """

    name: str
    parts: tuple[SkinnedPart, ...]
    radius_m: float


@dataclass(frozen=True, slots=True, eq=False)
class Poses:
    """k bodies of one character at a moment.

    `places` (k, 4, 4) row-major body-to-world; `joints` (k, j, 4 or 3, 4) joint matrices in the body's space, inverse
    bind matrices applied; `morphs` (k, t) weights 0-1.  Read-only joints and morphs are copied once.
    """

    places: Float32
    joints: Float32
    morphs: Float32


@dataclass(frozen=True, slots=True)
class SceneModel:
    """All geometry of a scene, built once, and the lamps in it."""

    items: tuple[Item, ...]
    has_sea: bool = False
    has_lake: bool = False
    characters: tuple[Character, ...] = ()
    ways: Ways | None = None
    lamps: tuple[Lamp, ...] = ()


@dataclass(frozen=True, slots=True)
class Sun:
    """Direction to the sun in degrees; azimuth 0 is straight ahead (-z), positive to the right."""

    azimuth_deg: float
    elevation_deg: float


@dataclass(frozen=True, slots=True)
class Sea:
    """The water of a moment; `breath_0to1` is where the breathing pacer is (0 all out, 1 all in).

    `cycles` counts breaths, on through every change of pace; at each whole number one begins and a wave runs up.
    """

    level_m: float
    swell_0to1: float
    wind_0to1: float
    breath_0to1: float
    shore_z_m: float
    cycles: float = 0.0


@dataclass(frozen=True, slots=True)
class Particles:
    """Small things in the air: rain, snow, dust, leaves, fireflies, spray (over breaking waves) or sand (blown low).

    They fill `area`, two corners of a box, or all around the eyes.  `colour_linear` is their light, scattered or own.
    """

    kind: str
    amount_0to1: float
    area: tuple[tuple[float, float, float], tuple[float, float, float]] | None = None
    colour_linear: tuple[float, float, float] = (0.8, 0.8, 0.8)
    seed: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """Words in the scene, lines parted by newlines, centred at `place` (4, 4), facing its +z.

    `height_m` is that of capital letters; `colour_linear` is lit, or seen as it is where it `glows`.
    """

    words: str
    place: Float32
    height_m: float
    colour_linear: tuple[float, float, float] = (0.02, 0.02, 0.02)
    glows: bool = False


@dataclass(frozen=True, slots=True)
class Interior:
    """The light inside a room that neither sun nor sky reach, as radiance (linear) seen from its middle.

    Baked maps light what stands still; this lights bodies and what mirrors the room.  Lamps are overhead.  `exposure`
    multiplies all light before tone mapping: a room is dimmed with it, baked maps and all.
    """

    ceiling_linear: tuple[float, float, float]
    walls_linear: tuple[float, float, float]
    floor_linear: tuple[float, float, float]
    lamps_linear: tuple[float, float, float] = (0.0, 0.0, 0.0)
    exposure: float = 1.0


@dataclass(frozen=True, slots=True)
class SceneFrame:
    """A moment of a scene: light, air, what moves and what is hidden.

    `moves` maps a group to its object-to-world matrices (k, 4, 4) for this moment, replacing the built transforms;
    `hidden` are groups not drawn; `eye_base_m` is where the floor under the patient is (the head's own offset is added
    to it); `poses` maps a character's name to its bodies; `texts` and then `particles` are drawn last.  `interior`
    replaces sun and sky, without shadows.  Going bodies `left_out` (0 to 127) are not drawn; `aurora_0to1` > 0: night.
    `eye_height_m` is that of a patient whom the scene has lie or sit, whatever the posture outside.
    """

    sun: Sun
    eye_base_m: tuple[float, float, float]
    eye_yaw_deg: float = 0.0
    haze_0to1: float = 0.2
    cloud_0to1: float = 0.3
    wind_0to1: float = 0.2
    sea: Sea | None = None
    lake: Lake | None = None
    moves: Mapping[str, Float32] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    poses: Mapping[str, Poses] = field(default_factory=dict)
    particles: tuple[Particles, ...] = ()
    texts: tuple[Text, ...] = ()
    interior: Interior | None = None
    left_out: tuple[int, ...] = ()
    aurora_0to1: float = 0.0
    eye_height_m: float | None = None


class Scene(Protocol):
    """A scene's two functions; both deterministic."""

    def build(self, seed: int) -> SceneModel:
        """The geometry, once."""

    def frame(
        self, parameters: Mapping[str, ParameterValue], seed: int, time_s: float, events: Mapping[str, float]
    ) -> SceneFrame:
        """The moment at `time_s`; `events` maps an event's name to its age in seconds."""


@dataclass(frozen=True, slots=True)
class EyePose:
    """The head: angles as seen by the patient (yaw right +, pitch up +), height of the eyes over the floor."""

    yaw_deg: float = 0.0
    pitch_deg: float = 0.0
    roll_deg: float = 0.0
    eye_height_m: float = 1.2
    offset_m: tuple[float, float, float] = (0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Panel:
    """A flat picture drawn after tone mapping, RGBA (h, w, 4) uint8, straight alpha; its place is seen from the seat.

    `revision` changes whenever the picture does, so that it is uploaded once.
    """

    name: str
    revision: int
    picture: NDArray[np.uint8]
    yaw_deg: float
    pitch_deg: float
    distance_m: float
    width_m: float
    opacity: float = 1.0
    head_locked: bool = False
