"""The manifest that an import writes, for a person to edit."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

_HEAD = """\
# The scene {name}, made from {file}: {triangles} triangles, {wide} x {high} x {deep} m.
# Edit it, then look at it:  acclimate render {name} --level 5 -o {name}.png
# What everything means: docs/places.md

title = {title}
purpose = "Graded exposure in a place of our own"

[place]
"""
_LIGHT = """
# The sun: azimuth 0 is straight ahead (towards -z of the model), positive to the right; elevation over the horizon.
# A parameter of the same name, if you make one, goes before what stands here.
[place.light]
sun_azimuth_deg = -35.0
sun_elevation_deg = 38.0
haze_0to1 = 0.2
cloud_0to1 = 0.3
wind_0to1 = 0.2
"""
_SHOWN = """
# What is there only from a level on (and, with until, only under another). Names may hold * for any letters, and
# everything below a node goes with it. A node with the custom property from_level is listed here by itself.
"""
_SHOWN_EXAMPLE = """\
# [[place.shown]]
# nodes = [{node}]
# parameter = "level"
# from = 4.0
# until = 8.0
"""
_MOVED = """
# What comes nearer or rises as a parameter goes from its least to its most: metres right, up, towards the viewer.
# [[place.moved]]
# nodes = [{node}]
# parameter = "level"
# by_m = [0.0, 0.0, 1.5]

# The same for the patient; never faster than 1.5 m/s.
# [place.eye_moved]
# parameter = "level"
# by_m = [0.0, 3.0, 0.0]
"""
_PARAMETER = """
# What a level sets. More numbers can be graded: give each its own [parameters.NAME] and a value in every level.
[parameters.level]
words = "how much of the place is shown"
default = 0.0
minimum = 0.0
maximum = 10.0
max_rate_per_s = 0.001  # so slow that every change happens behind a fade: nothing appears before the patient's eyes
"""
_LEVELS = "\n# The eleven levels, in words a therapist uses. Level 0 is tolerable for everybody.\n"
_LEVEL = '[[levels]]\nwords = "Level {number}: write what the patient sees"\nparameters = {{ level = {number}.0 }}\n\n'


def template(name: str, file: str, found: Mapping[str, Any]) -> str:
    """A manifest for a model of which `environments.gltf.inspect` has said what it holds."""
    wide, high, deep = (f"{one:g}" for one in found["size_m"])
    title = json.dumps(name.replace("-", " ").replace("_", " ").capitalize())
    parts = [
        _HEAD.format(
            name=name,
            file=_plain(file),
            triangles=f"{found['triangles']:,}",
            wide=wide,
            high=high,
            deep=deep,
            title=title,
        ),
        *_eye(found),
        *_loops(found["clips"]),
        _LIGHT,
        _SHOWN,
        *_shown(found),
        _MOVED.format(node=_first_node(found)),
        _PARAMETER,
        _LEVELS,
        *(_LEVEL.format(number=number) for number in range(11)),
        *_events(found["clips"]),
    ]
    return "".join(parts)


def _eye(found: Mapping[str, Any]) -> Iterator[str]:
    yield "# Where the eyes of a seated patient are: a camera of the model, or a point in metres and a direction.\n"
    cameras = found["cameras"]
    if cameras:
        x, y, z = cameras[0]["place_m"]
        names = ", ".join(_plain(camera["name"]) for camera in cameras)
        yield f"# The model's cameras: {names}\n"
        yield f"camera = {_quoted(cameras[0]['name'])}\n"
        yield f"# eye_m = [{x}, {y}, {z}]\n# yaw_deg = {cameras[0]['yaw_deg']}\n"
    else:
        x, y, z = found["framed_m"]
        yield "# The model has no camera; this is where all of it is in view.\n"
        yield f"eye_m = [{x}, {y}, {z}]\nyaw_deg = 0.0\n"


def _loops(clips: Mapping[str, float]) -> Iterator[str]:
    yield "# Clips that play all the time, over and over.\n"
    names = ", ".join(f"{_quoted(name)}" for name in clips)
    yield f"# The model's clips: {names}\n" if clips else "# The model has no clips.\n"
    yield "loops = []\n"


def _shown(found: Mapping[str, Any]) -> Iterator[str]:
    for node, level in found["from_level"].items():
        yield f'[[place.shown]]\nnodes = [{_quoted(node)}]\nparameter = "level"\nfrom = {float(level)}\n\n'
    if not found["from_level"]:
        yield _SHOWN_EXAMPLE.format(node=_first_node(found))


def _events(clips: Mapping[str, float]) -> Iterator[str]:
    yield "# What a therapist can let happen: an event for each clip, with words for the therapist.\n[events]\n"
    named = {_event_name(clip, number): clip for number, clip in enumerate(clips)}
    for event, clip in named.items():
        yield f'{event} = "{_plain(clip)} ({clips[clip]:g} s)"\n'
    yield "\n# Which clip an event plays, once; it stays at its end.\n[place.clips]\n"
    for event, clip in named.items():
        yield f"{event} = {_quoted(clip)}\n"


def _event_name(clip: str, number: int) -> str:
    letters = "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in clip.lower()).strip("_")
    return f"{letters[:40] or 'clip'}_{number}"


def _first_node(found: Mapping[str, Any]) -> str:
    return _quoted(next(iter(found["highest_nodes"]), "Name"))


def _quoted(text: str) -> str:
    """A TOML string; JSON's escapes are TOML's, but for what lies beyond 16 bits."""
    letters = (f"\\U{ord(letter):08x}" if ord(letter) > 0xFFFF else json.dumps(letter)[1:-1] for letter in text)
    return f'"{"".join(letters)}"'


def _plain(text: str) -> str:
    """Safe in a comment and in a string."""
    return "".join(letter if letter.isprintable() and letter not in '"\\' else " " for letter in text)
