"""What frames cost: our own part with a driver that does nothing, and full shading against a bare draw of a file.

    make bench ARGS="-k frame"

Ratios are taken in one run, turn by turn, since machines are shared; nothing here fails on time.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import moderngl
import numpy as np
import pytest

from environments.gltf.load import load_gltf
from environments.picture import Job, view_of
from environments.render.cameras import cameras_of
from environments.render.matrices import Camera
from environments.render.pool import Pool
from environments.render.renderer import Renderer, light_of
from environments.scenes.registry import scene as scene_called
from tests.gltf.generator import static_glb

SIDE_PX, SAMPLES = 1024, 4
BARE_VERTEX = """
#version 330 core
uniform mat4 clip_from_world;
uniform mat4 transform;
in vec3 in_position; in vec3 in_normal; in vec2 in_uv;
out vec3 normal; out vec2 uv;
void main() {
    normal = mat3(transform) * in_normal;
    uv = in_uv;
    gl_Position = clip_from_world * transform * vec4(in_position, 1.0);
}
"""
BARE_FRAGMENT = """
#version 330 core
uniform sampler2D base;
in vec3 normal; in vec2 uv;
out vec4 colour;
void main() {
    float lit = max(dot(normalize(normal), vec3(0.4, 0.8, 0.4)), 0.0);
    colour = vec4(texture(base, uv).rgb * (0.2 + 0.8 * lit), 1.0);
}
"""


class Bare:
    """The file's meshes, each drawn by itself for each eye: base colour and one light, nothing else."""

    def __init__(self, ctx: moderngl.Context, path: Path) -> None:
        self.program = ctx.program(vertex_shader=BARE_VERTEX, fragment_shader=BARE_FRAGMENT)
        self.target = ctx.framebuffer(
            ctx.renderbuffer((2 * SIDE_PX, SIDE_PX), 4, samples=SAMPLES),
            ctx.depth_renderbuffer((2 * SIDE_PX, SIDE_PX), samples=SAMPLES),
        )
        self.ctx = ctx
        self.parts = []
        textures: dict[str, moderngl.Texture] = {}
        for placed in load_gltf(path).placed:
            pool = Pool()
            pool.add(placed.item.mesh, is_closed=True)
            content = [(ctx.buffer(pool.vertices), "3f4 3f4 2f4 12x1", "in_position", "in_normal", "in_uv")]
            array = ctx.vertex_array(self.program, content, ctx.buffer(pool.indices), 4)
            picture = placed.item.material.maps.base_color
            if picture.key not in textures:
                height, width = picture.pixels.shape[:2]
                textures[picture.key] = ctx.texture((width, height), 4, np.ascontiguousarray(picture.pixels))
                textures[picture.key].build_mipmaps()
            self.parts += [
                (array, textures[picture.key], one.T.astype("f4").tobytes()) for one in placed.item.transforms
            ]

    def draw(self, cameras: list[Camera]) -> None:
        self.target.use()
        self.target.clear(0.5, 0.6, 0.7)
        self.ctx.enable_only(moderngl.DEPTH_TEST | moderngl.CULL_FACE)
        for number, camera in enumerate(cameras):
            self.target.viewport = (number * SIDE_PX, 0, SIDE_PX, SIDE_PX)
            self.program["clip_from_world"].write(camera.clip_from_world.T.astype("f4").tobytes())
            for array, texture, transform in self.parts:
                self.program["transform"].write(transform)
                texture.use(0)
                array.render()
        self.target.viewport = (0, 0, 2 * SIDE_PX, SIDE_PX)


def wall_s(draw: Callable[[], None], ctx: moderngl.Context) -> float:
    began_s = time.perf_counter()
    draw()
    ctx.finish()
    return time.perf_counter() - began_s


@pytest.mark.gl
def test_full_shading_against_a_bare_draw(context: moderngl.Context, tmp_path: Path) -> None:
    path = tmp_path / "rooms.glb"
    path.write_bytes(static_glb(500, 40, 200_000, 256, 2))
    renderer = Renderer(context, 2 * SIDE_PX, SIDE_PX, SAMPLES)
    view = view_of(Job(scene=str(path), output=Path("-")))
    bare = Bare(context, path)
    moment = scene_called(view.scene).frame(view.parameters, 0, 0.0, {})
    cameras = cameras_of(view, moment, (-0.0315, 0.0315), 1.0)
    light_of(moment)
    renderer.draw_stereo(view)
    bare.draw(cameras)
    context.finish()
    still: list[float] = []
    moving: list[float] = []
    theirs: list[float] = []
    for number in range(7):
        later = replace(view, time_s=0.1 * (number + 1))
        for walls_s in (moving, still):
            walls_s.append(wall_s(partial(renderer.draw_stereo, later), context))
        theirs.append(wall_s(lambda: bare.draw(cameras), context))
    own, clouds, other = np.median(still), np.median(moving), np.median(theirs)
    print(
        f"\n500 nodes, 40 materials, 200k triangles, 2 x {SIDE_PX}²: {own:.3f} s, bare {other:.3f} s: "
        f"{own / other:.2f}; with clouds that have moved on {clouds / other:.2f}"
    )
    renderer.release()


@pytest.mark.gl
@pytest.mark.parametrize("what", ["static 3000", "heights", "shore"])
def test_our_own_part_of_a_frame(tmp_path: Path, what: str) -> None:
    scene = what
    if what == "static 3000":
        scene = str(tmp_path / "static.glb")
        Path(scene).write_bytes(static_glb(3000, 60, 1_000_000, 256, 1))
    done = subprocess.run(
        [sys.executable, "-m", "environments.frame_bench", scene, "--frames", "600"],
        capture_output=True, text=True, check=True, env={**os.environ, "GALLIUM_NOOP": "1"},
    )  # fmt: skip
    found = json.loads(done.stdout)
    print(
        f"\n{what}: "
        + ", ".join(f"{name} {found[name]}" for name in ("submit_ms_median", "submit_ms_p99", "draws", "load_s"))
    )


@pytest.mark.gl
@pytest.mark.parametrize("scene", ["heights", "shore"])
def test_ten_minutes_of_a_scene(scene: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.ten_minutes", scene],
        capture_output=True, text=True, check=True, env={**os.environ, "GALLIUM_NOOP": "1"},
    )  # fmt: skip
    print(f"\n{done.stdout.strip()}")
