"""Shader programs: files joined by `#include "…"`, compiled once per context."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import moderngl
import numpy as np
from numpy.typing import NDArray

SHADER_DIR = Path(__file__).parent / "shaders"
FRAME_BLOCK = 0
SAMPLER_UNITS = {
    "detail_map": 0,
    "cells_map": 1,
    "sky_map": 2,
    "surface_map": 3,
    "shadow_map": 4,
    "mirror_map": 5,
    "water_map": 6,
    "linear_map": 7,
    "picture": 7,
    "surfaces_map": 8,
    "colors_map": 9,
    "data_map": 10,
    "places_map": 11,
    "sky_light_map": 12,
    "heaps_map": 14,
    "lake_map": 13,
    "depth_map": 7,
    "ways_map": 15,
}
MIRRORING_PATTERNS = frozenset({"facade", "glass", "lake-ice"})
"""Patterns smooth enough to show clouds in what they reflect."""
WET_PATTERNS = frozenset({"sand", "ground"})
"""Patterns that show clouds where they are wet."""
TEXTURED = "textured"
"""The pattern of surfaces with pictures."""
INDIRECT_FROM = 430
HEAD = "#version 330 core\n#extension GL_ARB_sample_shading : enable\n"
_INCLUDE = re.compile(r'^#include "(?P<name>[^"]+)"$', re.MULTILINE)


def shader_source(name: str, replaced: Mapping[str, str] | None = None) -> str:
    """The text of a shader with its includes; `replaced` maps a placeholder's name to a file."""
    names = replaced or {}
    text = (SHADER_DIR / names.get(name, name)).read_text("utf-8")
    return _INCLUDE.sub(lambda found: shader_source(found["name"], names), text)


@cache
def pattern_names() -> tuple[str, ...]:
    """The surface patterns that can be drawn."""
    return tuple(sorted(path.stem for path in (SHADER_DIR / "patterns").glob("*.glsl")))


@dataclass(frozen=True, slots=True)
class Look:
    """What a surface is drawn with: a pattern, whether parts are cut out, whether far and fine detail is left out.

    `has_lamps` is whether the place has lamps, which others do not pay for; `lacks` are switches for the kinds of
    pictures that a quick surface does not have, since software runs both sides of every branch.
    """

    pattern: str = ""
    cut_out: bool = False
    is_far: bool = False
    has_lamps: bool = False
    lacks: tuple[str, ...] = ()

    @property
    def at_corners(self) -> bool:
        """Whether light is worked out at the corners of triangles: far surfaces with pictures."""
        return self.is_far and self.pattern == TEXTURED

    @property
    def defines(self) -> dict[str, str]:
        """The switches of its shaders."""
        rough = "diffuse_sky(way)" if self.is_far else "surroundings(way, roughness)"
        mirror = "mirrored_sky(way)" if self.pattern in MIRRORING_PATTERNS else rough
        if self.pattern in WET_PATTERNS and not self.is_far:
            mirror = f"mix(mirrored_sky(way), {rough}, smoothstep(0.08, 0.4, roughness))"
        switches = {"MIRROR(way, roughness)": mirror}
        switches |= {"CORNERS" if self.at_corners else "FAR": ""} if self.is_far else {}
        switches |= {"TEXTURED": ""} if self.pattern == TEXTURED else {}
        switches |= {"LAMPS": ""} if self.has_lamps else {}
        switches |= dict.fromkeys(self.lacks, "")
        return switches | ({"CUT_OUT": ""} if self.cut_out else {})


PLAIN = Look()


class Programs:
    """Compiles on first use and keeps.

    `indirect` is whether the driver draws many meshes with one command (OpenGL 4.3); without, places of instances are
    read from a texture.  `is_quick` leaves out what a processor that draws by itself pays dearly for.
    """

    def __init__(self, ctx: moderngl.Context, samples: int, *, indirect: bool = True, is_quick: bool = False) -> None:
        self._ctx = ctx
        self.is_quick = is_quick
        self._samples = samples
        self._made: dict[tuple[str, str, Look], moderngl.Program] = {}
        self.indirect = indirect and ctx.version_code >= INDIRECT_FROM

    def get(self, vertex: str, fragment: str, look: Look = PLAIN) -> moderngl.Program:
        """The program of two files; the look's pattern fills the placeholder PATTERN."""
        key = (vertex, fragment, look)
        if key not in self._made:
            replaced = {"PATTERN": f"patterns/{look.pattern}.glsl"}
            switches = {"SAMPLES": str(max(self._samples, 1)), **look.defines}
            switches |= {} if self.indirect else {"LOOSE": ""}
            switches |= {"QUICK": ""} if self.is_quick else {}
            head = HEAD + "".join(f"#define {name} {value}\n" for name, value in switches.items())
            program = self._ctx.program(
                vertex_shader=head + shader_source(vertex, replaced),
                fragment_shader=head + "#define FRAGMENT\n" + shader_source(fragment, replaced),
            )
            _bind(program)
            self._made[key] = program
        return self._made[key]

    def surface(self, look: Look, vertex: str = "object.vert.glsl") -> moderngl.Program:
        """The lit surface program of a look; an unknown pattern is drawn plain."""
        known = look if look.pattern in pattern_names() else replace(look, pattern="plain")
        return self.get(vertex, "corners.frag.glsl" if known.at_corners else "object.frag.glsl", known)

    def shadow(self, look: Look) -> moderngl.Program:
        """The depth-only program of a look: one for all that is whole, one for what is cut out of pictures."""
        kind = look if look.cut_out and look.pattern == TEXTURED else PLAIN
        return self.get("shadow.vert.glsl", "shadow.frag.glsl", replace(kind, is_far=False, has_lamps=False, lacks=()))

    def release(self) -> None:
        """Free everything."""
        for program in self._made.values():
            program.release()
        self._made.clear()


def _bind(program: moderngl.Program) -> None:
    """Give samplers and blocks their fixed places."""
    for name in program:
        member = program[name]
        if isinstance(member, moderngl.UniformBlock) and name == "Frame":
            member.binding = FRAME_BLOCK
        elif isinstance(member, moderngl.Uniform) and name in SAMPLER_UNITS:
            member.value = SAMPLER_UNITS[name]


def set_matrix(program: moderngl.Program, name: str, matrix: NDArray[np.float64]) -> None:
    """Set a row-major matrix."""
    _uniform(program, name).write(matrix_bytes(matrix))


def matrix_bytes(matrix: NDArray[np.float64]) -> bytes:
    """A row-major matrix as a uniform is written."""
    return np.asarray(matrix, np.float32).tobytes("F")


def set_number(program: moderngl.Program, name: str, number: float) -> None:
    """Set one float."""
    _uniform(program, name).value = number


def set_four(program: moderngl.Program, name: str, four: tuple[float, float, float, float]) -> None:
    """Set four floats."""
    _uniform(program, name).value = four


def set_pair(program: moderngl.Program, name: str, pair: tuple[float, float]) -> None:
    """Set two floats."""
    _uniform(program, name).value = pair


def _uniform(program: moderngl.Program, name: str) -> moderngl.Uniform:
    member = program[name]
    if not isinstance(member, moderngl.Uniform):
        raise TypeError(f"{name} is no uniform")
    return member
