"""Sends out the draws of skinned bodies: all parts of a kind with one call where the driver can."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import moderngl
import numpy as np
from numpy.typing import NDArray

from environments.render.character_parts import FIELDS, CharacterPart, Packed, PartKind, as_map, dark_look
from environments.render.drawing import CommandList, renew
from environments.render.programs import Programs
from environments.render.surfaces import Surfaces
from environments.render.units import Commands

PALETTE_UNIT, MORPH_UNIT = 20, 21
"""Above all units that surfaces use; every OpenGL 3.3 has 48."""
BODY_BYTES = 32
"""Of each body of each part: two rows of four integers (shaders/character.glsl)."""


@dataclass(frozen=True, slots=True)
class _Batch:
    """Parts of a kind that go out together: what draws them, and which commands."""

    kind: PartKind
    program: moderngl.Program
    array: moderngl.VertexArray
    first: int
    count: int


Batches = tuple[_Batch, ...]


class CharacterDraws:
    """Buffers, vertex arrays and commands of all parts of all characters."""

    def __init__(self, ctx: moderngl.Context, programs: Programs, content: Packed) -> None:
        self._ctx, self._programs = ctx, programs
        self.vertices, self._indices = ctx.buffer(content.vertices), ctx.buffer(content.indices)
        texels = as_map(content.morphs)
        self._morphs = ctx.texture((texels.shape[1], texels.shape[0]), 4, texels, dtype="f4")
        self._morphs.filter = (moderngl.NEAREST, moderngl.NEAREST)
        self._bodies = ctx.buffer(reserve=BODY_BYTES, dynamic=True)
        self._parts = [(number, part) for number, parts in enumerate(content.parts) for part in parts]
        self._rows: NDArray[np.int32] = np.zeros((0, 8), np.int32)
        self._counted: tuple[object, int] = (None, 0)
        self._firsts: list[int] = []
        self._texels: list[int] = []
        self._lit, self._dark = (CommandList(ctx, indirect=programs.indirect) for _ in range(2))
        self._keys: dict[int, object] = {}
        self._batches: dict[int, Batches] = {}
        self._arrays: dict[tuple[bool, PartKind, int], tuple[moderngl.Program, moderngl.VertexArray]] = {}
        for kind in dict.fromkeys(part.kind for _, part in self._parts):
            for is_dark, views in ((False, 1), (False, 2), (True, 1)):
                self._array(kind, views, is_dark=is_dark)

    def set_bodies(self, bodies: Sequence[tuple[int, int, int]], counts: Sequence[int]) -> None:
        """How many bodies each character has, and its first texel, texels a body, and where its morph weights begin."""
        rows: list[tuple[int, ...]] = []
        self._firsts, self._texels = [], []
        for number, part in self._parts:
            first, texels, weights_at = bodies[number]
            self._firsts.append(len(rows))
            self._texels.append(texels)
            for body in range(max(counts[number], 1)):
                morphs = (first + body * texels, weights_at, part.first_morph, part.targets)
                rows.append((*morphs, part.first_vertex, part.vertices, part.surface, body))
        self._rows = np.array(rows, np.int32)
        self._keys.clear()
        if self._programs.indirect:
            renew(self._bodies, self._rows)

    def draws(self, counts: Sequence[int]) -> int:
        """How many draw calls so many bodies of each character take."""
        key = tuple(counts)
        if key != self._counted[0]:
            self._counted = key, len({part.kind for number, part in self._parts if counts[number]})
        return self._counted[1]

    def draw(self, surfaces: Surfaces, counts: Sequence[int], views: int, *, is_blended: bool) -> None:
        """Draw so many bodies of each character, lit."""
        for batch in self._prepared(self._lit, counts, views):
            if batch.kind.is_blended == is_blended:
                self._send(surfaces, batch, self._lit)

    def draw_shadow(self, surfaces: Surfaces, counts: Sequence[int], light_from_world: bytes) -> None:
        """Draw their depth as a light sees them."""
        told: set[int] = set()
        for batch in self._prepared(self._dark, counts, 1):
            if batch.program.glo not in told:
                told.add(batch.program.glo)
                batch.program["light_from_world"].write(light_from_world)  # type: ignore[union-attr]
            self._send(surfaces, batch, self._dark)

    def _prepared(self, commands: CommandList, counts: Sequence[int], views: int) -> Batches:
        """The batches of some bodies, and their commands on the card; made anew only when something changed."""
        name, key = id(commands), (tuple(counts), views)
        if self._keys.get(name) != key:
            self._keys[name] = key
            kinds: dict[PartKind, list[int]] = {}
            for place, (number, part) in enumerate(self._parts):
                if counts[number] and (commands is self._lit or part.casts_shadow):
                    kinds.setdefault(part.kind, []).append(place)
            batches: list[_Batch] = []
            rows: list[tuple[int, ...]] = []
            for kind, places in kinds.items():
                program, array = self._array(kind, views, is_dark=commands is self._dark)
                batches.append(_Batch(kind, program, array, len(rows), len(places)))
                rows += [self._command(place, counts, views) for place in places]
            self._batches[name] = tuple(batches)
            commands.write(np.array(rows, np.uint32).reshape(-1, 5))
        return self._batches[name]

    def _command(self, place: int, counts: Sequence[int], views: int) -> tuple[int, int, int, int, int]:
        number, part = self._parts[place]
        return part.indices, counts[number] * views, part.first_index, 0, self._firsts[place]

    def bind(self, palette: moderngl.Texture) -> None:
        """Make joint matrices and morph targets readable."""
        palette.use(PALETTE_UNIT)
        self._morphs.use(MORPH_UNIT)

    def _send(self, surfaces: Surfaces, batch: _Batch, commands: CommandList) -> None:
        surfaces.bind_size(batch.kind.size_px)
        (self._ctx.disable if batch.kind.is_two_sided else self._ctx.enable)(moderngl.CULL_FACE)
        if self._programs.indirect:
            batch.array.render_indirect(commands.buffer, count=batch.count, first=batch.first)
            return
        rows: Commands = commands.commands[batch.first : batch.first + batch.count]
        for indices, instances, begin, _, base in rows.tolist():
            self.set_loose(batch.program, base)
            batch.array.render(vertices=indices, first=begin, instances=instances)

    def set_loose(self, program: moderngl.Program, row: int) -> None:
        """Without instance attributes: tell a program of the bodies of a part, the first of which has a row."""
        numbers = self._rows[row].tolist()
        place = bisect_right(self._firsts, row) - 1
        program["first_body"].value = tuple(numbers[:4])  # type: ignore[union-attr]
        program["of_part"].value = tuple(numbers[4:])  # type: ignore[union-attr]
        program["texels_a_body"].value = self._texels[place]  # type: ignore[union-attr]

    def part(self, number: int) -> tuple[CharacterPart, int]:
        """A part, all characters' counted, and the row of its first body."""
        return self._parts[number][1], self._firsts[number]

    def _array(self, kind: PartKind, views: int, *, is_dark: bool) -> tuple[moderngl.Program, moderngl.VertexArray]:
        """The program that draws a kind, and the vertex array made for it."""
        key = (is_dark, kind, views)
        if key not in self._arrays:
            if is_dark:
                program = self._programs.get("character_shadow.vert.glsl", "shadow.frag.glsl", dark_look(kind.look))
            else:
                program = self._programs.surface(kind.look, "character.vert.glsl")
            self._arrays[key] = (program, self.attached(program, views))
        return self._arrays[key]

    def attached(self, program: moderngl.Program, views: int) -> moderngl.VertexArray:
        """A vertex array of all parts for a program with shaders/character.glsl; bodies go on after every eye."""
        for name, unit in (("palette_map", PALETTE_UNIT), ("morph_map", MORPH_UNIT)):
            program[name].value = unit  # type: ignore[union-attr]
        layout = " ".join(used if name in program else skipped for name, used, skipped in FIELDS)
        names = [name for name, _, _ in FIELDS if name in program]
        array = self._ctx.vertex_array(program, [(self.vertices, layout, *names)], self._indices, 4)
        if self._programs.indirect:
            for offset, name in ((0, "in_body"), (16, "in_part")):
                location = program[name].location  # type: ignore[union-attr]
                array.bind(location, "i", self._bodies, "4i4", offset, BODY_BYTES, views)
        return array

    def release(self) -> None:
        """Free everything."""
        for _, array in self._arrays.values():
            array.release()
        lists = (self._lit.buffer, self._dark.buffer)
        for part in (self.vertices, self._indices, self._morphs, self._bodies, *lists):
            part.release()
