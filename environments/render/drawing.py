"""Sends draw commands out: many meshes with one call where the driver can, else one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import moderngl
import numpy as np
from numpy.typing import NDArray

from environments.render.model import Float32
from environments.render.pool import Pool
from environments.render.programs import SAMPLER_UNITS, Look, Programs
from environments.render.surfaces import Surfaces
from environments.render.units import Commands
from environments.render.ways import Ways

COMMAND_BYTES = 20
PLACES_A_ROW = 256
_VERTEX_PARTS = (
    ("in_position", "3f4", "3x4"),
    ("in_normal", "3f4", "3x4"),
    ("in_uv", "2f4", "2x4"),
    ("in_light_uv", "2f4", "2x4"),
    ("in_color", "4f1", "4x1"),
)
STEPS_KEPT = 1024
_PLACE_ROWS = ("in_row_x", "in_row_y", "in_row_z")


@dataclass(frozen=True, slots=True)
class Batch:
    """Commands that go out together: `count` of them from `first` on."""

    look: Look
    size_px: int
    both_sides: bool
    first: int
    count: int


class _Step(NamedTuple):
    """One draw: its vertex array and commands, and what must be changed before it: size of pictures, sides."""

    array: moderngl.VertexArray
    first: int
    commands: int
    size_px: int | None
    both_sides: bool | None


class CommandList:
    """Commands, and the buffer from which the graphics card takes them."""

    def __init__(self, ctx: moderngl.Context, *, indirect: bool) -> None:
        self.buffer = ctx.buffer(reserve=COMMAND_BYTES, dynamic=True)
        self.commands: Commands = np.zeros((0, 5), np.uint32)
        self._indirect = indirect

    def write(self, commands: Commands) -> None:
        """Take these from now on; the same ones are not sent again."""
        if commands is self.commands:
            return
        self.commands = commands
        if self._indirect and len(commands):
            renew(self.buffer, commands)


def renew(buffer: moderngl.Buffer, content: Commands | Float32 | NDArray[np.int32]) -> None:
    """Fill a buffer anew, in fresh memory: the card may still be reading what it held."""
    buffer.orphan(content.nbytes)
    buffer.write(content)


class Drawing:
    """The buffers of a scene and how they are drawn."""

    def __init__(self, ctx: moderngl.Context, programs: Programs, pool: Pool, ways: Ways | None) -> None:
        self._ctx, self._programs = ctx, programs
        self._vertices, self._indices = ctx.buffer(pool.vertices), ctx.buffer(pool.indices)
        self._lists: list[CommandList] = []
        self.still, self.moving = self.new_list(), self.new_list()
        self._arrays: dict[tuple[Look, int, bool], tuple[moderngl.Program, moderngl.VertexArray]] = {}
        self._known: dict[tuple[int, int, bool], tuple[tuple[Batch, ...], tuple[_Step, ...]]] = {}
        self._places = ctx.buffer(reserve=48, dynamic=True)
        self._notes = ctx.buffer(reserve=16, dynamic=True)
        self._ways = None if ways is None else _ways_map(ctx, ways)
        self._map: moderngl.Texture | None = None
        self._rows: Float32 = np.zeros((0, 16), np.float32)

    def new_list(self) -> CommandList:
        """An empty list of commands."""
        self._lists.append(CommandList(self._ctx, indirect=self._programs.indirect))
        return self._lists[-1]

    def set_places(self, rows: Float32, notes: Float32) -> None:
        """All places (s, 12) and the notes (s, 4) on each (see `ways.py`), given anew."""
        if not len(rows):
            return
        if not self._programs.indirect:
            self._rows = np.hstack([rows, notes])
            self._write_map()
            return
        renew(self._places, rows)
        renew(self._notes, notes)

    def set_moving(self, rows: Float32) -> None:
        """All places again, some of them moved."""
        if self._programs.indirect:
            renew(self._places, rows)
        else:
            self._rows[:, :12] = rows
            self._write_map()

    def _write_map(self) -> None:
        """The places as a texture, for drivers that cannot begin at any instance."""
        height = -(-len(self._rows) // PLACES_A_ROW)
        if self._map is None or self._map.size[1] != height:
            if self._map is not None:
                self._map.release()
            self._map = self._ctx.texture((PLACES_A_ROW * 4, height), 4, dtype="f4")
            self._map.filter = (moderngl.NEAREST, moderngl.NEAREST)
        full = np.zeros((height * PLACES_A_ROW, 16), np.float32)
        full[: len(self._rows)] = self._rows
        self._map.write(full)

    def prepare(self, look: Look) -> None:
        """Compile what a look is drawn with, so that no frame has to."""
        for views in (1, 2):
            self._program(look, views, is_dark=False)
        self._program(look, 1, is_dark=True)

    def bind(self) -> None:
        """Make the ways of what goes readable."""
        if self._ways is not None:
            self._ways.use(SAMPLER_UNITS["ways_map"])

    def draw(self, surfaces: Surfaces, commands: CommandList, batches: tuple[Batch, ...], views: int) -> None:
        """Draw lit."""
        self._send(surfaces, commands, self._steps(batches, views, is_dark=False))

    def draw_shadow(self, surfaces: Surfaces, commands: CommandList, batches: tuple[Batch, ...], matrix: bytes) -> None:
        """Draw depth only, for a light's matrix (see `programs.matrix_bytes`)."""
        steps = self._steps(batches, 1, is_dark=True)
        for program in {step.array.program.glo: step.array.program for step in steps}.values():
            program["light_from_world"].write(matrix)  # type: ignore[union-attr]
        self._send(surfaces, commands, steps)

    def _steps(self, batches: tuple[Batch, ...], views: int, *, is_dark: bool) -> tuple[_Step, ...]:
        """What to do for some batches; worked out once, as the same ones come again and again."""
        key = (id(batches), views, is_dark)
        known = self._known.get(key)
        if known is not None and known[0] is batches:
            return known[1]
        steps = []
        size_px, both_sides = None, None
        for batch in batches:
            _, array = self._program(batch.look, views, is_dark=is_dark)
            is_new_size, is_new_side = batch.size_px != size_px, batch.both_sides is not both_sides
            size_px, both_sides = batch.size_px, batch.both_sides
            steps.append(
                _Step(
                    array, batch.first, batch.count, size_px if is_new_size else None,
                    both_sides if is_new_side else None,
                )
            )  # fmt: skip
        if len(self._known) >= STEPS_KEPT:
            self._known.clear()
        self._known[key] = (batches, tuple(steps))
        return self._known[key][1]

    def _send(self, surfaces: Surfaces, commands: CommandList, steps: tuple[_Step, ...]) -> None:
        ctx, is_indirect = self._ctx, self._programs.indirect
        for array, first, count, size_px, both_sides in steps:
            if size_px is not None:
                surfaces.bind_size(size_px)
            if both_sides is not None:
                (ctx.disable if both_sides else ctx.enable)(moderngl.CULL_FACE)
            if is_indirect:
                array.render_indirect(commands.buffer, count=count, first=first)
            else:
                self._send_each(array, commands.commands[first : first + count])

    def _send_each(self, array: moderngl.VertexArray, commands: Commands) -> None:
        """One command after the other."""
        if self._map is not None:
            self._map.use(SAMPLER_UNITS["places_map"])
        first_place = array.program["first_place"]
        for vertices, instances, first, _, base in commands.tolist():
            first_place.value = base  # type: ignore[union-attr]
            array.render(vertices=vertices, first=first, instances=instances)

    def _program(self, look: Look, views: int, *, is_dark: bool) -> tuple[moderngl.Program, moderngl.VertexArray]:
        """The program of a look, and the vertex array made for it."""
        key = (look, views, is_dark)
        if key not in self._arrays:
            program = self._programs.shadow(look) if is_dark else self._programs.surface(look)
            self._arrays[key] = (program, self._made(program, views))
        return self._arrays[key]

    def _made(self, program: moderngl.Program, views: int) -> moderngl.VertexArray:
        """The vertex array of a program; places go on after every eye."""
        layout = " ".join(used if name in program else skipped for name, used, skipped in _VERTEX_PARTS)
        names = [name for name, _, _ in _VERTEX_PARTS if name in program]
        array = self._ctx.vertex_array(program, [(self._vertices, layout, *names)], self._indices, 4)
        if self._programs.indirect:
            for number, name in enumerate(_PLACE_ROWS):
                location = program[name].location  # type: ignore[union-attr]
                array.bind(location, "f", self._places, "4f4", 16 * number, 48, views)
            if "in_notes" in program:
                location = program["in_notes"].location  # type: ignore[union-attr]
                array.bind(location, "f", self._notes, "4f4", 0, 16, views)
        return array

    def release(self) -> None:
        """Free everything."""
        for _, array in self._arrays.values():
            array.release()
        lists = [one.buffer for one in self._lists]
        for part in (self._vertices, self._indices, *lists, self._places, self._notes):
            part.release()
        for texture in (self._map, self._ways):
            if texture is not None:
                texture.release()


def _ways_map(ctx: moderngl.Context, ways: Ways) -> moderngl.Texture:
    """A row for each way; after its steps one texel with its length."""
    lengths = np.zeros((len(ways.rows), 1, 4), np.float32)
    lengths[:, 0, 0] = ways.lengths_m
    texels = np.ascontiguousarray(np.concatenate([ways.rows, lengths], axis=1))
    texture = ctx.texture((texels.shape[1], texels.shape[0]), 4, texels, dtype="f4")
    texture.filter = (moderngl.NEAREST, moderngl.NEAREST)
    return texture
