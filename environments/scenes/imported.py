"""A clinic's own model as a scene: what is shown, what moves and where the patient is, as its manifest says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path

import numpy as np

from environments.gltf.content import Body, Content, NamedCamera
from environments.gltf.load import load_gltf
from environments.gltf.problems import GltfError
from environments.render.model import Item, Poses, SceneFrame, SceneModel, Sun
from environments.scenes.clips import BodiesMotion, NodeMotion, PlayingClip, with_parents
from environments.scenes.manifest import MANIFEST_NAME, MODEL_NAME, ParameterValue, SceneManifest
from environments.scenes.place_file import LightFile, Place, Shown, Vector
from environments.scenes.viewpoint import angles_of, framed

SEATED_M = 1.2
EYE_PARAMETERS = ("eye_x_m", "eye_y_m", "eye_z_m", "eye_yaw_deg")
"""Where a view of a bare model file is from."""


@dataclass(frozen=True, slots=True)
class _Group:
    """Instances of one item that are shown and moved together."""

    name: str
    rules: tuple[Shown, ...]
    nodes: tuple[int, ...]
    is_moved: bool
    is_mirrored: bool


class PlaceScene:
    """A model with the rules of a place; `ranges` are the least and the most of each numeric parameter.

    Its cameras and `eye_m` are where the eyes of a seated patient are; standing, they are higher.
    """

    def __init__(self, content: Content, place: Place, ranges: Mapping[str, tuple[float, float]]) -> None:
        self._content, self._place, self._ranges = content, place, ranges
        self._check_names()
        self._moving = self._moving_nodes()
        self._groups: list[_Group] = []
        self._items: list[Item] = []
        for number, placed in enumerate(content.placed):
            self._add(number, placed.item, placed.nodes)
        self._moved = [group for group in self._groups if group.is_moved]
        self._ruled = sorted(
            {(group.name, group.rules) for group in self._groups if group.rules}, key=lambda one: one[0]
        )
        wanted = sorted({node for group in self._moved for node in group.nodes})
        self._motion = NodeMotion(content.nodes, content.clips, wanted)
        self._bodies = BodiesMotion(content.bodies)
        self._body_rules = [self._rules_of(_names_of(body)) for body in content.bodies]
        eye = place.camera and camera_called(content, place.camera)
        self._eye = (place.eye_m, place.yaw_deg) if not eye else (eye_of(eye), angles_of(eye.place)[0])

    def build(self, seed: int) -> SceneModel:
        """The geometry, once."""
        del seed
        characters = tuple(body.character for body in self._content.bodies)
        return SceneModel(tuple(self._items), characters=characters, lamps=self._content.shining)

    def frame(
        self, parameters: Mapping[str, ParameterValue], seed: int, time_s: float, events: Mapping[str, float]
    ) -> SceneFrame:
        """The moment at `time_s`; `events` maps an event's name to its age in seconds."""
        del seed
        values = {name: float(value) for name, value in parameters.items() if not isinstance(value, str)}
        light = {**LightFile().model_dump(), **self._place.light}
        light |= {name: values[name] for name in light if name in values}
        eye, yaw_deg = self._eye_now(values)
        clips = self._clips_now(time_s, events)
        return SceneFrame(
            Sun(light["sun_azimuth_deg"], light["sun_elevation_deg"]),
            (eye[0], eye[1] - SEATED_M, eye[2]),
            yaw_deg,
            light["haze_0to1"],
            light["cloud_0to1"],
            light["wind_0to1"],
            moves=self._moves(values, clips),
            hidden=frozenset(name for name, rules in self._ruled if not _is_shown(rules, values)),
            poses=dict(self._poses(values, clips)),
        )

    def _eye_now(self, values: Mapping[str, float]) -> tuple[Vector, float]:
        eye, yaw_deg = self._eye
        if all(name in values for name in EYE_PARAMETERS):
            x, y, z, yaw_deg = (values[name] for name in EYE_PARAMETERS)
            eye = (x, y, z)
        x, y, z = np.add(eye, self._offset_m(None, values))
        return (float(x), float(y), float(z)), yaw_deg

    def _clips_now(self, time_s: float, events: Mapping[str, float]) -> list[PlayingClip]:
        """What plays, later ones over earlier ones."""
        running = [PlayingClip(name, time_s, loops=True) for name in self._place.loops]
        started = sorted(
            ((age_s, self._place.clips[name]) for name, age_s in events.items() if name in self._place.clips)
        )
        return running + [PlayingClip(name, age_s, loops=False) for age_s, name in reversed(started)]

    def _moves(self, values: Mapping[str, float], clips: list[PlayingClip]) -> dict[str, np.ndarray]:
        if not self._moved:
            return {}
        worlds = self._motion.worlds(clips)
        out = {}
        for group in self._moved:
            there = np.stack([worlds[node] for node in group.nodes])
            there[:, :3, 3] += [self._offset_m(self._chain(node), values) for node in group.nodes]
            if group.is_mirrored:
                there[:, :, 0] *= -1.0
            out[group.name] = there.astype(np.float32)
        return out

    def _poses(self, values: Mapping[str, float], clips: list[PlayingClip]) -> Iterator[tuple[str, Poses]]:
        found = self._bodies.poses(clips)
        for body, poses, rules in zip(self._content.bodies, found, self._body_rules, strict=True):
            if _is_shown(rules, values):
                places = poses.places.copy()
                places[:, :3, 3] += self._offset_m(_names_of(body), values)
                yield body.character.name, replace(poses, places=places)

    def _offset_m(self, names: tuple[str, ...] | None, values: Mapping[str, float]) -> np.ndarray:
        """How far parameters have moved the nodes with these names, or the patient (None)."""
        offset = np.zeros(3)
        for rule in self._place.moved:
            if (names is None) == (not rule.nodes) and (names is None or _matches(rule.nodes, names)):
                low, high = self._ranges[rule.parameter]
                part = (values.get(rule.parameter, low) - low) / max(high - low, 1e-9)
                offset += part * np.array(rule.by_m)
        return offset

    def _chain(self, node: int) -> tuple[str, ...]:
        """The names of a node and of all above it."""
        return tuple(self._content.nodes.names[above] for above in with_parents(self._content.nodes, node))

    def _rules_of(self, names: tuple[str, ...]) -> tuple[Shown, ...]:
        return tuple(rule for rule in self._place.shown if _matches(rule.nodes, names))

    def _moving_nodes(self) -> frozenset[int]:
        """Nodes that a clip or a parameter moves, and all below them."""
        played = {*self._place.loops, *self._place.clips.values()}
        moving = {one.target for clip in self._content.clips if clip.name in played for one in clip.channels}
        patterns = tuple(pattern for rule in self._place.moved for pattern in rule.nodes)
        names, parents = self._content.nodes.names, self._content.nodes.parents
        for node, parent in enumerate(parents):
            if int(parent) in moving or _matches(patterns, (names[node],)):
                moving.add(node)
        return frozenset(moving)

    def _add(self, number: int, item: Item, nodes: np.ndarray) -> None:
        """Cut an item into groups of instances that are shown and moved alike."""
        together: dict[tuple[tuple[Shown, ...], bool], list[int]] = {}
        for instance, node in enumerate(nodes):
            rules = self._rules_of(self._chain(int(node))) if self._place.shown else ()
            key = (rules, int(node) in self._moving)
            together.setdefault(key, []).append(instance)
        for (rules, is_moved), instances in together.items():
            if not rules and not is_moved:
                name = "static"
            elif not is_moved:
                name = "shown " + " ".join(str(self._place.shown.index(rule)) for rule in rules)
            else:
                name = f"moved {number} {instances[0]}"
            rest = item.transforms[instances]
            is_mirrored = is_moved and self._is_mirrored(int(nodes[instances[0]]), rest[0])
            chosen = tuple(int(nodes[instance]) for instance in instances)
            self._groups.append(_Group(name, rules, chosen, is_moved, is_mirrored))
            self._items.append(replace(item, transforms=rest, group=name))

    def _is_mirrored(self, node: int, transform: np.ndarray) -> bool:
        """Whether the loader has turned the mesh into its mirror image, as it does under mirrored nodes."""
        scales = self._content.nodes.scales[with_parents(self._content.nodes, node)]
        return float(np.prod(np.sign(scales))) < 0.0 < float(np.linalg.det(transform[:3, :3]))

    def _check_names(self) -> None:
        """`GltfError` when the place names nodes, clips or a camera that the model does not have."""
        nodes = (*self._content.nodes.names, *(name for body in self._content.bodies for name in _names_of(body)))
        named = [rule.nodes for rule in self._place.shown] + [rule.nodes for rule in self._place.moved]
        for pattern in dict.fromkeys(pattern for patterns in named for pattern in patterns):
            if not any(fnmatchcase(name, pattern) for name in nodes):
                raise GltfError(f"the place names the node {pattern!r}, which the model does not have", _MEND)
        known = clip_names(self._content)
        for clip in (*self._place.loops, *self._place.clips.values()):
            if clip not in known:
                raise GltfError(f"the place names the clip {clip!r}; the model has {', '.join(known) or 'none'}", _MEND)


_MEND = "mend the manifest"


def place_scene(manifest: SceneManifest) -> PlaceScene:
    """The scene of an imported manifest; `GltfError` naming the file if its model or its manifest cannot be used."""
    place = manifest.place or Place(Path())
    ranges = {
        one.name: (one.minimum, one.maximum)
        for one in manifest.parameters
        if one.minimum is not None and one.maximum is not None
    }
    try:
        content = load_gltf(place.folder / MODEL_NAME)
    except GltfError as error:
        cure = f"import it again: acclimate scenes import FILE.glb --as {manifest.name} --force"
        raise GltfError(f"{place.folder}: {error.problem}", cure) from error
    try:
        return PlaceScene(content, place, ranges)
    except GltfError as error:
        raise GltfError(f"{place.folder / MANIFEST_NAME}: {error.problem}", error.cure) from error


def file_scene(path: Path) -> PlaceScene:
    """A bare model as a scene, all its clips playing; `GltfError` if it cannot be used."""
    content = file_content(path)
    return PlaceScene(content, Place(path.parent, loops=clip_names(content)), {})


def file_content(path: Path) -> Content:
    """What a model file holds, read again only when the file has changed."""
    try:
        found = path.stat()
    except OSError:
        return load_gltf(path)
    return _content(path, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=1)
def _content(path: Path, changed_ns: int, size: int) -> Content:
    del changed_ns, size
    return load_gltf(path)


def file_view(path: Path, camera: str | None, eye_m: Vector | None) -> tuple[Vector, float, float, float]:
    """Where to look at a bare model from: eyes (m), yaw and pitch (degrees), vertical field of view (degrees).

    From the camera that is named, else from `eye_m`, else from the file's first camera, else from where all of it
    is in the picture.
    """
    content = file_content(path)
    if camera is None and eye_m is not None:
        return eye_m, 0.0, 0.0, 75.0
    if camera is None and not content.cameras:
        return framed(content)
    chosen = content.cameras[0] if camera is None else camera_called(content, camera)
    yaw_deg, pitch_deg = angles_of(chosen.place)
    return eye_m or eye_of(chosen), yaw_deg, pitch_deg, chosen.vertical_fov_deg


def camera_called(content: Content, name: str) -> NamedCamera:
    """A camera by its name; `GltfError` with the names there are."""
    for camera in content.cameras:
        if camera.name == name:
            return camera
    names = ", ".join(camera.name for camera in content.cameras) or "none"
    raise GltfError(f"there is no camera {name!r}; the model has {names}", "name one of them")


def eye_of(camera: NamedCamera) -> Vector:
    """Where a camera is."""
    x, y, z = (float(one) for one in camera.place[:3, 3])
    return x, y, z


def clip_names(content: Content) -> tuple[str, ...]:
    """The names of all clips, of nodes and of bodies."""
    clips = [*content.clips, *(clip for body in content.bodies for clip in body.clips)]
    return tuple(dict.fromkeys(clip.name for clip in clips))


def _names_of(body: Body) -> tuple[str, ...]:
    return (body.character.name, *body.skeleton.names)


def _matches(patterns: tuple[str, ...], names: tuple[str, ...]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns for name in names)


def _is_shown(rules: tuple[Shown, ...], values: Mapping[str, float]) -> bool:
    """Whether one of the rules shows it; what has no rules is always there."""
    return not rules or any(
        rule.from_value <= values.get(rule.parameter, 0.0) < (np.inf if rule.until is None else rule.until)
        for rule in rules
    )
