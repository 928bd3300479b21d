"""Sends out the draws of skinned bodies: all parts of a kind with one call where the driver can."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

import moderngl
import numpy as np
from numpy.typing import NDArray

from environments.render.character_parts import FIELDS, CharacterPart, Packed, PartKind, as_map, dark_look
from environments.render.drawing import CommandList, renew
from environments.render.matrices import Matrix
from environments.render.programs import Programs, set_matrix
from environments.render.surfaces import Surfaces
from environments.render.units import Commands

PALETTE_UNIT, MORPH_UNIT = 20, 21
"""Above all units that surfaces use; every OpenGL 3.3 has 48."""
BODY_BYTES = 32
"""Of each body of each part: two rows of four integers (shaders/character.glsl)."""
Batches = tuple[tuple[PartKind, int, int], ...]


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
        self._arrays: dict[tuple[str, PartKind, int], tuple[moderngl.Program, moderngl.VertexArray]] = {}
        for kind in dict.fromkeys(part.kind for _, part in self._parts):
            self._array("lit", kind, 1)
            self._array("lit", kind, 2)
            self._array("dark", kind, 1)

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
            if batch[0].is_blended == is_blended:
                surfaces.bind_size(batch[0].size_px)
                self._send("lit", batch, self._lit, views)

    def draw_shadow(self, surfaces: Surfaces, counts: Sequence[int], light_from_world: Matrix) -> None:
        """Draw their depth as a light sees them."""
        told: set[int] = set()
        for batch in self._prepared(self._dark, counts, 1):
            program, _ = self._array("dark", batch[0], 1)
            if program.glo not in told:
                told.add(program.glo)
                set_matrix(program, "light_from_world", light_from_world)
            surfaces.bind_size(batch[0].size_px)
            self._send("dark", batch, self._dark, 1)

    def _prepared(self, commands: CommandList, counts: Sequence[int], views: int) -> Batches:
        """The batches of some bodies, and their commands on the card; made anew only when something changed."""
        name, key = id(commands), (tuple(counts), views)
        if self._keys.get(name) != key:
            self._keys[name] = key
            kinds: dict[PartKind, list[int]] = {}
            for place, (number, part) in enumerate(self._parts):
                if counts[number] and (commands is self._lit or part.casts_shadow):
                    kinds.setdefault(part.kind, []).append(place)
            batches: list[tuple[PartKind, int, int]] = []
            rows: list[tuple[int, ...]] = []
            for kind, places in kinds.items():
                batches.append((kind, len(rows), len(places)))
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

    def _send(self, way: str, batch: tuple[PartKind, int, int], commands: CommandList, views: int) -> None:
        kind, first, count = batch
        program, array = self._array(way, kind, views)
        if kind.is_two_sided:
            self._ctx.disable(moderngl.CULL_FACE)
        else:
            self._ctx.enable(moderngl.CULL_FACE)
        if self._programs.indirect:
            array.render_indirect(commands.buffer, count=count, first=first)
            return
        rows: Commands = commands.commands[first : first + count]
        for indices, instances, begin, _, base in rows.tolist():
            self.set_loose(program, base)
            array.render(vertices=indices, first=begin, instances=instances)

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

    def _array(self, way: str, kind: PartKind, views: int) -> tuple[moderngl.Program, moderngl.VertexArray]:
        """The program that draws a kind, and the vertex array made for it."""
        key = (way, kind, views)
        if key not in self._arrays:
            if way == "lit":
                program = self._programs.surface(kind.look, "character.vert.glsl")
            else:
                look = dark_look(kind.look)
                program = self._programs.get("character_shadow.vert.glsl", "shadow.frag.glsl", look)
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
