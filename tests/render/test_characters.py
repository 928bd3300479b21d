"""Bodies on the graphics card stand where plain arithmetic puts them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import moderngl
import numpy as np
import pytest
from numpy.typing import NDArray

from environments.render.character_draws import MORPH_UNIT, PALETTE_UNIT
from environments.render.characters import GpuCharacters
from environments.render.matrices import frustum_planes, perspective
from environments.render.model import (
    Character,
    EyePose,
    Item,
    Material,
    Picture,
    Poses,
    SceneFrame,
    SceneModel,
    Sun,
    SurfaceMaps,
)
from environments.render.programs import Programs, matrix_bytes, shader_source
from environments.render.renderer import Renderer, View
from environments.render.shapes import plane_grid, translation
from tests.animation.bodies import body
from tests.render.posing import Floats, expected, poses_of, with_uneven_scale

pytestmark = pytest.mark.gl

PROBE = """#version 330 core
#define LOOSE
int body_of_instance() { return gl_InstanceID; }
#include "character.glsl"
out vec4 place;
out vec3 way;
void main() { pose(place, way); gl_Position = place; }
"""


@dataclass(frozen=True)
class Stage:
    """A scene that stands still."""

    model: SceneModel
    poses: dict[str, Poses]

    def build(self, _: int) -> SceneModel:
        return self.model

    def frame(self, *_: object) -> SceneFrame:
        return SceneFrame(Sun(-140.0, 40.0), (0.0, 0.0, 0.0), poses=self.poses)


@pytest.fixture(params=[True, False], ids=["indirect", "3.3"])
def programs(context: moderngl.Context, request: pytest.FixtureRequest) -> Iterator[Programs]:
    made = Programs(context, 0, indirect=request.param)
    yield made
    made.release()


@pytest.fixture
def characters(context: moderngl.Context, programs: Programs) -> Iterator[GpuCharacters]:
    made = GpuCharacters(context, programs, (body().character,))
    yield made
    made.release()


@pytest.fixture
def target(context: moderngl.Context) -> Iterator[moderngl.Framebuffer]:
    made = context.framebuffer(depth_attachment=context.depth_texture((64, 64)))
    made.use()
    made.clear(depth=1.0)
    context.enable_only(moderngl.DEPTH_TEST)
    context.depth_func = "<="
    yield made
    made.depth_attachment.release()
    made.release()


def depths(target: moderngl.Framebuffer) -> NDArray[np.float32]:
    """What the depth picture holds, bottom row first."""
    return np.frombuffer(target.depth_attachment.read(), np.float32).reshape(64, 64)


def flat(width_m: float = 4.0) -> Floats:
    """A light that looks along -z at a square of `width_m` around (0, 1, 0)."""
    half = width_m / 2.0
    matrix = np.diag([1.0 / half, 1.0 / half, -0.1, 1.0])
    matrix[1, 3] = -1.0 / half
    return matrix


@pytest.mark.parametrize("part_index", [0, 3, 8])
def test_vertices_and_normals_follow_joints_and_morphs(
    context: moderngl.Context, characters: GpuCharacters, target: moderngl.Framebuffer, part_index: int
) -> None:
    poses = with_uneven_scale(poses_of(3))
    characters.place({"person": poses})
    part = body().character.parts[part_index]
    program = context.program(
        vertex_shader=PROBE.replace('#include "character.glsl"', shader_source("character.glsl")),
        varyings=("place", "way"),
    )
    program["palette_map"].value, program["morph_map"].value = PALETTE_UNIT, MORPH_UNIT
    characters.draw_shadow(matrix_bytes(flat()))
    drawing = characters.drawing
    assert drawing is not None
    uploaded, row = drawing.part(part_index)
    drawing.set_loose(program, row)
    names = ("in_position", "in_normal", "in_joints", "in_weights")
    array = context.vertex_array(program, [(drawing.vertices, "3f4 3f4 8x1 4u2 4f4 4x1", *names)])
    count = len(part.mesh.positions_m)
    out = context.buffer(reserve=3 * count * 28)
    array.transform(out, moderngl.POINTS, vertices=count, first=uploaded.first_vertex, instances=3)
    got = np.frombuffer(out.read(), np.float32).reshape(3, count, 7).astype(np.float64)
    for index in range(3):
        at, way = expected(part, poses, index)
        turned = got[index, :, 4:] / np.linalg.norm(got[index, :, 4:], axis=1, keepdims=True)
        assert np.abs(got[index, :, :3] - at).max() < 2e-5
        assert np.einsum("ni,ni->n", turned, way).min() > 0.9999
    for owned in (array, out, program):
        owned.release()


def test_part_eight_is_one_with_a_morph_target() -> None:
    assert body().character.parts[8].morphs_m is not None


def test_every_body_is_drawn_once_in_each_part(
    context: moderngl.Context, characters: GpuCharacters, target: moderngl.Framebuffer
) -> None:
    query = context.query(primitives=True)
    characters.place({"person": poses_of(5)})
    with query:
        characters.draw_shadow(matrix_bytes(flat()))
    assert query.primitives == 5 * sum(len(part.mesh.indices) for part in body().character.parts)
    assert characters.triangles() == query.primitives


def test_shadow_is_where_the_body_stands(characters: GpuCharacters, target: moderngl.Framebuffer) -> None:
    characters.place({"person": poses_of(1)})
    characters.draw_shadow(matrix_bytes(flat()))
    covered = depths(target) < 1.0
    assert covered[16:44, 28:36].mean() > 0.25
    assert not covered[:, :8].any()
    assert not covered[:, -8:].any()


def test_character_without_poses_is_not_drawn(characters: GpuCharacters, target: moderngl.Framebuffer) -> None:
    characters.place({"person": poses_of(2)})
    characters.place({})
    characters.draw_shadow(matrix_bytes(flat()))
    assert (depths(target) == 1.0).all()
    assert characters.bounds().shape == (0, 4)


def test_more_bodies_than_before_leave_the_others_where_they_were(
    characters: GpuCharacters, target: moderngl.Framebuffer
) -> None:
    characters.place({"person": poses_of(1)})
    characters.draw_shadow(matrix_bytes(flat()))
    first = depths(target).copy()
    assert (first < 1.0).any()
    characters.place({"person": poses_of(30)})
    characters.place({"person": poses_of(1)})
    target.clear(depth=1.0)
    characters.draw_shadow(matrix_bytes(flat()))
    assert np.array_equal(first, depths(target))


def test_version_changes_only_when_a_body_moved(characters: GpuCharacters) -> None:
    characters.place({"person": poses_of(2)})
    before = characters.version
    characters.place({"person": poses_of(2)})
    assert characters.version == before
    characters.place({"person": poses_of(2, seed=4)})
    assert characters.version == before + 1
    characters.place({"person": poses_of(1, seed=4)})
    assert characters.version == before + 2


def test_ball_holds_every_vertex(characters: GpuCharacters) -> None:
    poses = poses_of(3)
    characters.place({"person": poses})
    for part in body().character.parts:
        for index in range(3):
            x, y, z, radius_m = characters.bounds()[index]
            place, _ = expected(part, poses, index)
            assert np.linalg.norm(place - (x, y, z), axis=1).max() <= radius_m


def test_characters_outside_of_every_eye_are_left_out_but_cast_shadows(
    context: moderngl.Context, characters: GpuCharacters, target: moderngl.Framebuffer
) -> None:
    characters.place({"person": poses_of(2)})
    all_parts = characters.draws()
    ahead, behind = (frustum_planes(perspective(60.0, 1.0) @ translation(0.0, -1.0, -away_m)) for away_m in (4.0, -4.0))
    characters.look([behind, behind])
    assert characters.draws() == characters.triangles() == 0
    characters.draw_shadow(matrix_bytes(flat()))
    assert (depths(target) < 1.0).any()
    characters.look([behind, ahead])
    assert characters.draws() == all_parts > 0


def test_two_characters_share_one_palette(
    context: moderngl.Context, programs: Programs, target: moderngl.Framebuffer
) -> None:
    whole = body().character
    upper, lower = (Character(name, whole.parts, whole.radius_m) for name in ("upper", "lower"))
    both, alone = GpuCharacters(context, programs, (upper, lower)), GpuCharacters(context, programs, (lower,))
    both.place({"lower": poses_of(2), "upper": poses_of(3, seed=8)})
    both.place({"lower": poses_of(2)})
    both.draw_shadow(matrix_bytes(flat()))
    first = depths(target).copy()
    assert (first < 1.0).any()
    alone.place({"lower": poses_of(2)})
    target.clear(depth=1.0)
    alone.draw_shadow(matrix_bytes(flat()))
    assert np.array_equal(first, depths(target))
    both.release()
    alone.release()


def test_what_a_picture_cuts_out_casts_no_shadow(
    context: moderngl.Context, programs: Programs, target: moderngl.Framebuffer
) -> None:
    covered = []
    for alpha in (0, 255):
        pixels = np.full((8, 8, 4), alpha, np.uint8)
        maps = SurfaceMaps(base_color=Picture(f"alpha {alpha}", pixels, is_colour=True))
        part = replace(body().character.parts[0], material=Material((0.5, 0.5, 0.5), maps=maps, alpha_cutoff=0.5))
        characters = GpuCharacters(context, programs, (Character("person", (part,), 1.3),))
        characters.place({"person": poses_of(1)})
        target.clear(depth=1.0)
        characters.draw_shadow(matrix_bytes(flat()))
        covered.append(int((depths(target) < 1.0).sum()))
        characters.release()
    assert covered[0] == 0
    assert covered[1] > 25


def test_both_eyes_see_every_body(context: moderngl.Context, monkeypatch: pytest.MonkeyPatch) -> None:
    renderer = Renderer(context, 256, 96)
    ground = Item("ground", plane_grid(9.0, 9.0), Material((0.3, 0.3, 0.3)), np.eye(4, dtype=np.float32)[None])
    view = View("stage", {}, 0, 0.0, EyePose(pitch_deg=-4.0, offset_m=(0.0, 0.0, 3.0)))
    pictures = []
    crowds: tuple[dict[str, Poses], ...] = ({}, {"person": poses_of(2)})
    for poses in crowds:
        stage = Stage(SceneModel((ground,), characters=(body().character,)), poses)
        monkeypatch.setattr("environments.render.renderer.scene_called", lambda _, stage=stage: stage)
        renderer.draw_stereo(replace(view, scene=f"stage with {len(poses)}"))
        pictures.append(renderer.read_rgb().astype(int))
    changed = np.abs(pictures[1] - pictures[0]).sum(axis=2) > 30
    left, right = changed[:, :128], changed[:, 128:]
    for half in (left, right):
        assert half[:, :64].sum() > 60
        assert half[:, 64:].sum() > 60
    columns = [np.nonzero(half)[1].mean() for half in (left, right)]
    assert 0.2 < columns[0] - columns[1] < 12.0
    renderer.release()
