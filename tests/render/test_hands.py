"""The patient's own hands and controllers."""

import numpy as np

from environments.interact.hands import JOINTS, Held, HeldController, Side, TrackedHand
from environments.render.hands import hand_places, rest_joints
from environments.render.model import EyePose
from environments.render.renderer import Renderer, View
from environments.scenes.manifest import load_manifest


def held_at(x_m: float, y_m: float, z_m: float) -> np.ndarray:
    matrix = np.eye(4, dtype=np.float32)
    matrix[:3, 3] = x_m, y_m, z_m
    return matrix


def hand_at(side: Side, *place_m: float) -> TrackedHand:
    return TrackedHand(side, held_at(*place_m) @ rest_joints(side))


def picture_with(renderer: Renderer, hands: tuple[Held, ...]) -> np.ndarray:
    values = load_manifest("shore").values_at(0.0)
    renderer.draw(View("shore", values, 0, 5.0, EyePose(pitch_deg=-10.0), hands=hands))
    return renderer.read_rgb().astype(int)


def test_hands_are_drawn_where_they_are_and_only_then(renderer):
    renderer.resize(160, 90)
    empty = picture_with(renderer, ())
    left = np.abs(picture_with(renderer, (hand_at(Side.LEFT, -0.18, -0.12, -0.4),)) - empty).sum(axis=2) > 20
    right = np.abs(picture_with(renderer, (HeldController(Side.RIGHT, held_at(0.2, -0.12, -0.4)),)) - empty)
    right = right.sum(axis=2) > 20
    assert left[:, :80].sum() > 150
    assert left[:, 80:].sum() == 0
    assert right[:, 80:].sum() > 40
    assert right[:, :80].sum() == 0
    assert (picture_with(renderer, ()) == empty).all()


def test_a_hand_at_rest_is_the_model_itself():
    _, poses = hand_places((TrackedHand(Side.LEFT, rest_joints(Side.LEFT)),), np.eye(4, dtype=np.float32))
    body = poses["left"]
    whole = body.places[0] @ body.joints[0]
    assert np.allclose(whole, np.eye(4), atol=1e-4)
    assert rest_joints(Side.RIGHT).shape == (len(JOINTS), 4, 4)
