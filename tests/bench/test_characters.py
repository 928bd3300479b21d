"""How long twenty bodies take: to be posed, and to be handed to the driver (run with GALLIUM_NOOP=1 for that)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import moderngl
import numpy as np
import pytest
from numpy.typing import NDArray

from environments.animation.people import Moment, People
from environments.animation.rig import Rig, local_matrices
from environments.animation.routes import Route, Routes
from environments.gltf.content import Skeleton
from environments.render.characters import GpuCharacters
from environments.render.model import Character, Material, Poses, SkinnedPart
from environments.render.programs import Programs, matrix_bytes
from environments.render.shapes_round import sphere
from tests.animation.bodies import body

BODIES, JOINTS, TRIANGLES = 20, 30, 3000
FRAMES = 300


def skeleton() -> Skeleton:
    """Thirty joints in chains of six."""
    parents = np.array([joint - 1 if joint % 6 else -1 if joint == 0 else 0 for joint in range(JOINTS)], np.int32)
    turns = np.tile(np.array([0.0, 0.0, 0.0, 1.0], np.float32), (JOINTS, 1))
    binds = np.tile(np.eye(4, dtype=np.float32), (JOINTS, 1, 1))
    names = tuple(f"joint {joint}" for joint in range(JOINTS))
    return Skeleton(
        parents, names, np.full((JOINTS, 3), 0.1, np.float32), turns, np.ones((JOINTS, 3), np.float32), binds
    )


def character(targets: int) -> Character:
    """A ball of 3,000 triangles that hangs on all joints."""
    mesh = sphere(0.5, 29, 50)
    assert abs(len(mesh.indices) - TRIANGLES) < 100
    count = len(mesh.positions_m)
    joints = (np.arange(4 * count).reshape(count, 4) % JOINTS).astype(np.uint16)
    part = SkinnedPart(mesh, Material((0.5, 0.5, 0.5)), joints, np.full((count, 4), 0.25, np.float32))
    if targets:
        morphs = np.zeros((targets, count, 3), np.float32)
        part = replace(part, morphs_m=morphs, morph_normals=morphs)
    return Character("ball", (part,), 2.0)


def median_ms(act: Callable[[], None]) -> float:
    """The middle of many runs, processor time."""
    took_s = []
    for _ in range(FRAMES):
        begun_s = time.thread_time()
        act()
        took_s.append(time.thread_time() - begun_s)
    return 1000.0 * float(np.median(took_s))


def some_poses(rig: Rig, seed: int) -> Poses:
    pose = rig.rest(BODIES)
    rig.turn(pose, np.arange(JOINTS), np.random.default_rng(seed).normal(size=(BODIES, JOINTS, 3)))
    joints = rig.palettes(rig.globals_of(local_matrices(pose)))
    return Poses(np.tile(np.eye(4, dtype=np.float32), (BODIES, 1, 1)), joints, np.ones((BODIES, 4), np.float32))


def test_handing_over_twenty_bodies(context: moderngl.Context) -> None:
    programs = Programs(context, 0)
    characters = GpuCharacters(context, programs, (character(4),))
    target = context.simple_framebuffer((64, 64))
    target.use()
    moments = [some_poses(Rig(skeleton()), seed) for seed in range(2)]
    number = 0

    def frame() -> None:
        nonlocal number
        number += 1
        characters.place({"ball": moments[number % 2]})
        characters.draw_shadow(matrix_bytes(np.eye(4)))
        characters.draw(2, is_blended=False)
        characters.draw(2, is_blended=True)

    if context.info["GL_RENDERER"] != "NOOP":
        pytest.skip("set GALLIUM_NOOP=1: the driver's own work would be timed too")
    frame()
    print(f"{median_ms(frame):.3f} ms to hand over {BODIES} bodies ({context.info['GL_RENDERER']})")
    assert characters.triangles() == pytest.approx(BODIES * TRIANGLES, rel=0.03)
    characters.release()
    programs.release()


def test_posing_twenty_bodies() -> None:
    rig = Rig(skeleton())
    pose = rig.rest(BODIES)
    every = np.arange(JOINTS)
    turns = np.random.default_rng(1).normal(size=(BODIES, JOINTS, 3))

    def joint_matrices() -> None:
        assert rig.palettes(rig.globals_of(local_matrices(pose))).shape == (BODIES, JOINTS, 4, 4)

    print(f"{median_ms(joint_matrices):.3f} ms for the joint matrices of {BODIES} bodies with {JOINTS} joints")
    print(f"{median_ms(lambda: rig.turn(pose, every, turns)):.3f} ms to turn all their joints")


def test_living_people() -> None:
    eye_m = np.array([[0.0, 1.2, 3.0]])
    ways = Routes([Route(((float(number), 0.0), (float(number), 20.0))) for number in range(BODIES)])
    for words, people in (("standing", People(body(), 1, BODIES)), ("walking", People(body(), 1, BODIES, routes=ways))):
        took_ms = median_ms(partial(living, people, iter(np.arange(1.0, 100.0, 0.011)), eye_m))
        print(f"{took_ms:.2f} ms for {BODIES} {words} people with {people.rig.count} joints, behaviour and all")


def living(people: People, times_s: Iterator[float], eye_m: NDArray[np.float64]) -> None:
    assert len(people.poses(Moment(next(times_s), targets_m=eye_m)).places) == BODIES
