"""Whether the scenes a protocol names exist and can be told what it asks."""

from __future__ import annotations

from collections.abc import Iterator

from environments.scenes.manifest import BREATH_PACE, ManifestError, SceneManifest, load_manifest, scene_names
from protocols.consistency import Finding, Place
from protocols.problems import did_you_mean
from protocols.schema import PolicyName, Protocol


def scene_findings(protocol: Protocol) -> tuple[Finding, ...]:
    """Everything wrong between the protocol and the scenes installed here."""
    return (*_exposure_scene(protocol), *_calm_scene(protocol), *_breath(protocol))


def _exposure_scene(protocol: Protocol) -> Iterator[Finding]:
    place = ("scene",)
    manifest = _manifest(protocol.scene)
    if isinstance(manifest, str):
        yield Finding(place, manifest)
    elif protocol.mode.is_graded and not manifest.is_graded:
        yield Finding(
            place, f"scene {protocol.scene} has no levels; mode {protocol.mode} needs a graded scene", (("mode",),)
        )
    elif manifest.is_graded and not protocol.mode.is_graded:
        yield Finding(
            place, f"scene {protocol.scene} is graded; mode {protocol.mode} needs one without levels", (("mode",),)
        )


def _calm_scene(protocol: Protocol) -> Iterator[Finding]:
    place = ("calm", "scene")
    manifest = _manifest(protocol.calm.scene)
    if isinstance(manifest, str):
        yield Finding(place, manifest)
    elif manifest.is_graded:
        yield Finding(place, f"scene {protocol.calm.scene} is graded; the calm scene must not be")
    else:
        yield from _overrides(protocol, manifest)


def _overrides(protocol: Protocol, manifest: SceneManifest) -> Iterator[Finding]:
    known = [parameter.name for parameter in manifest.parameters]
    for name, setting in protocol.calm.overrides.items():
        place: Place = ("calm", "overrides", name)
        if name not in known:
            text = f"scene {manifest.name} has no parameter {name!r}; {did_you_mean(name, known)}"
            yield Finding(place, text, (("calm", "scene"),))
            continue
        try:
            manifest.commanded_at(0.0, {name: setting})
        except ManifestError as error:
            yield Finding(place, f"{setting:g} does not fit: {error}", (("calm", "scene"),))


def _breath(protocol: Protocol) -> Iterator[Finding]:
    """A policy that sets the breathing pace needs a scene that takes one."""
    if protocol.policy is PolicyName.BREATHING:
        yield from _pace(protocol.calm.scene, None, ("policy",), ("calm", "scene"))
    elif protocol.policy is PolicyName.DISTRACTION and protocol.distraction.played:
        manifest = _manifest(protocol.scene)
        if not isinstance(manifest, str) and not manifest.is_played:
            yield Finding(("distraction", "played"), f"scene {protocol.scene} is not played", (("scene",),))
    elif protocol.policy is PolicyName.DISTRACTION and protocol.distraction.led:
        yield from _pace(protocol.scene, protocol.distraction.pace_per_min, ("distraction", "pace_per_min"), ("scene",))


def _pace(scene: str, pace_per_min: float | None, at: Place, scene_at: Place) -> Iterator[Finding]:
    """Why a pace cannot lead there; a scene that does not exist is found elsewhere."""
    manifest = _manifest(scene)
    if isinstance(manifest, str):
        return
    if not manifest.is_paced:
        yield Finding(at, f"scene {scene} takes no breathing pace; it has no parameter {BREATH_PACE}", (scene_at,))
    elif pace_per_min is not None:
        try:
            manifest.commanded_at(0.0, {BREATH_PACE: pace_per_min})
        except ManifestError as error:
            yield Finding(at, f"{pace_per_min:g} does not fit: {error}", (scene_at,))


def _manifest(name: str) -> SceneManifest | str:
    """The manifest, or what is wrong with it."""
    if name not in scene_names():
        return f"there is no scene {name!r}; {did_you_mean(name, scene_names())}"
    try:
        return load_manifest(name)
    except ManifestError as error:
        return f"the scene {name!r} cannot be used: {error}"
