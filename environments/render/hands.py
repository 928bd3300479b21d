"""The patient's own hands and controllers, drawn into every scene where the display tracks them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

import moderngl
import numpy as np

from environments.gltf.built_in import built_in_model
from environments.gltf.content import Body
from environments.interact.hands import JOINTS, Held, HeldController, Side, TrackedHand
from environments.render.gpu_scene import GpuScene
from environments.render.matrices import head_rotation
from environments.render.model import EyePose, Float32, Poses, SceneFrame, SceneModel
from environments.render.programs import Programs

_CONTROLLER = "hands/controller.glb"
_ONE = np.eye(4, dtype=np.float32)[None]


class Hands:
    """Loads its models with the first hand that is seen, or before by `load`."""

    def __init__(self, ctx: moderngl.Context, programs: Programs) -> None:
        self._ctx, self._programs = ctx, programs
        self._gpu: GpuScene | None = None

    def load(self) -> GpuScene:
        """The models on the graphics card."""
        if self._gpu is None:
            self._gpu = GpuScene(self._ctx, self._programs, hand_models())
        return self._gpu

    def arranged(self, hands: tuple[Held, ...], moment: SceneFrame, eye: EyePose) -> GpuScene | None:
        """The models where the hands are now; None without hands."""
        if not hands:
            return None
        gpu = self.load()
        moves, poses = hand_places(hands, _world_from_seat(moment, eye))
        absent = frozenset(item.group for item in hand_models().items if item.group not in moves)
        gpu.arrange(replace(moment, moves=moves, poses=poses, hidden=absent))
        return gpu

    def release(self) -> None:
        """Free everything."""
        if self._gpu is not None:
            self._gpu.release()


@lru_cache(maxsize=2)
def _body(side: Side) -> Body:
    return built_in_model(f"hands/hand_{side}.glb").bodies[0]


@lru_cache(maxsize=1)
def hand_models() -> SceneModel:
    """A controller for each hand, and both hands with their joints."""
    parts = [one.item for one in built_in_model(_CONTROLLER).placed]
    items = [
        replace(part, name=f"{side} {part.name}", group=f"{side} {number}", transforms=_ONE)
        for side in Side
        for number, part in enumerate(parts)
    ]
    bodies = tuple(replace(_body(side).character, name=str(side)) for side in Side)
    return SceneModel(tuple(items), characters=bodies)


def hand_places(hands: tuple[Held, ...], world_from_seat: Float32) -> tuple[dict[str, Float32], Mapping[str, Poses]]:
    """Where the controllers that are held go, by group, and bodies of hands, by name; `world_from_seat` is (4, 4)."""
    moves: dict[str, Float32] = {}
    poses = {}
    for one in hands:
        if isinstance(one, HeldController):
            for number, part in enumerate(load_controller()):
                moves[f"{one.side} {number}"] = (world_from_seat @ one.grip @ part)[None].astype(np.float32)
        else:
            poses[str(one.side)] = _posed(one, world_from_seat)
    return moves, poses


@lru_cache(maxsize=1)
def load_controller() -> tuple[Float32, ...]:
    """Where each part of the controller's model is in the grip's space, (4, 4)."""
    return tuple(one.item.transforms[0] for one in built_in_model(_CONTROLLER).placed)


def rest_joints(side: Side) -> Float32:
    """The joints (25, 4, 4) of the model's own rest, in the order of `JOINTS` and the model's space."""
    skeleton = _body(side).skeleton
    order = [skeleton.names.index(name) for name in JOINTS]
    return np.linalg.inv(skeleton.inverse_binds[order]).astype(np.float32)


def _posed(hand: TrackedHand, world_from_seat: Float32) -> Poses:
    skeleton = _body(hand.side).skeleton
    order = [JOINTS.index(name) for name in skeleton.names]
    wrist = hand.joints[JOINTS.index("wrist")]
    # Relative to the wrist, so that the body's ball lies around the hand.
    joints = np.linalg.inv(wrist) @ hand.joints[order] @ skeleton.inverse_binds
    place = (world_from_seat @ wrist)[None].astype(np.float32)
    return Poses(place, joints[None].astype(np.float32), np.zeros((1, 0), np.float32))


def _world_from_seat(moment: SceneFrame, eye: EyePose) -> Float32:
    matrix = np.eye(4, dtype=np.float32)
    matrix[:3, :3] = head_rotation(moment.eye_yaw_deg, 0.0)
    matrix[:3, 3] = moment.eye_base_m
    matrix[1, 3] += eye.eye_height_m
    return matrix
