"""Shader programs: files joined by `#include "…"`, compiled once per context."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import moderngl
import numpy as np
from numpy.typing import NDArray

SHADER_DIR = Path(__file__).parent / "shaders"
FRAME_BLOCK, SURFACE_BLOCK = 0, 1
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
}
MIRRORING_PATTERNS = frozenset({"facade", "glass"})
"""Patterns smooth enough to show clouds in what they reflect."""
_INCLUDE = re.compile(r'^#include "(?P<name>[^"]+)"$', re.MULTILINE)


def shader_source(name: str, replaced: Mapping[str, str] | None = None) -> str:
    """The text of a shader with its includes; `replaced` maps a placeholder's name to a file."""
    names = replaced or {}
    text = (SHADER_DIR / names.get(name, name)).read_text("utf-8")
    return _INCLUDE.sub(lambda found: shader_source(found["name"], names), text)


def pattern_names() -> tuple[str, ...]:
    """The surface patterns that can be drawn."""
    return tuple(sorted(path.stem for path in (SHADER_DIR / "patterns").glob("*.glsl")))


class Programs:
    """Compiles on first use and keeps."""

    def __init__(self, ctx: moderngl.Context, samples: int) -> None:
        self._ctx = ctx
        self._samples = samples
        self._made: dict[str, moderngl.Program] = {}

    def get(self, vertex: str, fragment: str, pattern: str = "", *, is_far: bool = False) -> moderngl.Program:
        """The program of two files; `pattern` fills the placeholder PATTERN, `is_far` leaves out fine detail."""
        key = f"{vertex}|{fragment}|{pattern}|{is_far}"
        if key not in self._made:
            rough = "diffuse_sky(way)" if is_far else "surroundings(way, roughness)"
            mirror = "mirrored_sky(way)" if pattern in MIRRORING_PATTERNS else rough
            replaced = {"PATTERN": f"patterns/{pattern}.glsl"}
            head = f"#version 330 core\n#define SAMPLES {max(self._samples, 1)}\n{'#define FAR' if is_far else ''}\n"
            head += f"#define MIRROR(way, roughness) {mirror}\n"
            program = self._ctx.program(
                vertex_shader=head + shader_source(vertex, replaced),
                fragment_shader=head + shader_source(fragment, replaced),
            )
            _bind(program)
            self._made[key] = program
        return self._made[key]

    def surface(self, pattern: str, *, is_far: bool = False) -> moderngl.Program:
        """The lit surface program of a pattern; an unknown pattern is drawn plain."""
        known = pattern if pattern in pattern_names() else "plain"
        return self.get("object.vert.glsl", "object.frag.glsl", known, is_far=is_far)

    def release(self) -> None:
        """Free everything."""
        for program in self._made.values():
            program.release()
        self._made.clear()


def _bind(program: moderngl.Program) -> None:
    """Give samplers and blocks their fixed places."""
    for name in program:
        member = program[name]
        if isinstance(member, moderngl.UniformBlock):
            member.binding = FRAME_BLOCK if name == "Frame" else SURFACE_BLOCK
        elif isinstance(member, moderngl.Uniform) and name in SAMPLER_UNITS:
            member.value = SAMPLER_UNITS[name]


def set_matrix(program: moderngl.Program, name: str, matrix: NDArray[np.float64]) -> None:
    """Set a row-major matrix."""
    _uniform(program, name).write(np.ascontiguousarray(matrix.T, dtype="f4").tobytes())


def set_number(program: moderngl.Program, name: str, number: float) -> None:
    """Set one float."""
    _uniform(program, name).value = number


def _uniform(program: moderngl.Program, name: str) -> moderngl.Uniform:
    member = program[name]
    if not isinstance(member, moderngl.Uniform):
        raise TypeError(f"{name} is no uniform")
    return member
