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

from environments.scenes.manifest import ParameterValue

Float32 = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Mesh:
    """Triangles: positions and normals (n, 3), texture coordinates in metres (n, 2), indices (m, 3)."""

    positions_m: Float32
    normals: Float32
    uvs_m: Float32
    indices: NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Material:
    """A metallic-roughness surface; `pattern` names a procedural detail drawn at `pattern_scale_m`.

    Patterns every renderer knows: plain, concrete, brick, paving, asphalt, wood, metal-brushed,
    grating, facade, plaster, foliage, sand, rock, tiles, cloth, glass.
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


@dataclass(frozen=True, slots=True)
class Item:
    """One mesh in one material; `transforms` is (k, 4, 4) row-major object-to-world for k instances.

    `group` lets a frame hide or move whole sets of items (see `SceneFrame`).
    """

    name: str
    mesh: Mesh
    material: Material
    transforms: Float32
    group: str = "static"


@dataclass(frozen=True, slots=True)
class SceneModel:
    """All geometry of a scene, built once."""

    items: tuple[Item, ...]
    has_sea: bool = False


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
class SceneFrame:
    """A moment of a scene: light, air, what moves and what is hidden.

    `moves` maps a group to its object-to-world matrices (k, 4, 4) for this moment, replacing
    the built transforms; `hidden` are groups not drawn; `eye_base_m` is where the floor under the
    patient is (the head's own offset is added to it).
    """

    sun: Sun
    eye_base_m: tuple[float, float, float]
    eye_yaw_deg: float = 0.0
    haze_0to1: float = 0.2
    cloud_0to1: float = 0.3
    wind_0to1: float = 0.2
    sea: Sea | None = None
    moves: Mapping[str, Float32] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()


class Scene(Protocol):
    """A scene's two functions; both deterministic."""

    def build(self, seed: int) -> SceneModel:
        """The geometry, once."""
        ...

    def frame(
        self,
        parameters: Mapping[str, ParameterValue],
        seed: int,
        time_s: float,
        events: Mapping[str, float],
    ) -> SceneFrame:
        """The moment at `time_s`; `events` maps an event's name to its age in seconds."""
        ...


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
    """A flat picture in the world, drawn after tone mapping: RGBA (h, w, 4) uint8, straight alpha.

    `center` is relative to the patient's eyes at yaw 0: degrees and metres.  `revision` changes
    whenever the picture does, so that it is uploaded once.
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
