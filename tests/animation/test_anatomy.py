"""Parts of the body are found in the rigs that people use."""

from __future__ import annotations

import numpy as np
import pytest

from environments.animation.anatomy import Part, joints_of, legs_of, morphs_of, tail_of
from environments.animation.people import BLINK_MORPHS
from tests.animation import bodies, dogs

GAME = (
    "root pelvis spine_01 spine_02 spine_03 clavicle_l upperarm_l lowerarm_l hand_l neck_01 head eye_l thigh_l calf_l"
)
MIXAMO = "mixamorig:Hips mixamorig:Spine mixamorig:Spine1 mixamorig:Spine2 mixamorig:Neck mixamorig:Head"
MIXAMO += " mixamorig:LeftShoulder mixamorig:LeftArm mixamorig:LeftForeArm mixamorig:LeftUpLeg mixamorig:LeftLeg"
RIGIFY = "DEF-spine DEF-upper_arm.L DEF-forearm.L DEF-hand.L DEF-thigh.L DEF-shin.L DEF-foot.L DEF-toe.L DEF-thigh.R"


@pytest.mark.parametrize(
    ("rig", "part", "joint"),
    [
        (GAME, Part.HIPS, "pelvis"),
        (GAME, Part.SPINE, "spine_01"),
        (GAME, Part.CHEST, "spine_03"),
        (GAME, Part.NECK, "neck_01"),
        (GAME, Part.LEFT_EYE, "eye_l"),
        (GAME, Part.LEFT_SHOULDER, "clavicle_l"),
        (GAME, Part.LEFT_SHIN, "calf_l"),
        (MIXAMO, Part.HIPS, "mixamorig:Hips"),
        (MIXAMO, Part.CHEST, "mixamorig:Spine2"),
        (MIXAMO, Part.LEFT_UPPER_ARM, "mixamorig:LeftArm"),
        (MIXAMO, Part.LEFT_FOREARM, "mixamorig:LeftForeArm"),
        (MIXAMO, Part.LEFT_THIGH, "mixamorig:LeftUpLeg"),
        (MIXAMO, Part.LEFT_SHIN, "mixamorig:LeftLeg"),
        (RIGIFY, Part.LEFT_UPPER_ARM, "DEF-upper_arm.L"),
        (RIGIFY, Part.LEFT_TOES, "DEF-toe.L"),
        (RIGIFY, Part.RIGHT_THIGH, "DEF-thigh.R"),
    ],
)
def test_joints_are_known_by_their_usual_names(rig: str, part: Part, joint: str) -> None:
    names = tuple(rig.split())
    assert joints_of(names)[part] == names.index(joint)


def test_what_a_rig_lacks_is_told() -> None:
    found = joints_of(tuple(GAME.split()))
    assert found[Part.RIGHT_THIGH] == -1
    assert (joints_of(("bone", "bone.001")) == -1).all()


def test_every_part_of_the_test_body_is_another_joint() -> None:
    found = joints_of(bodies.NAMES)
    assert found.min() >= 0
    assert len(np.unique(found)) == len(Part)


def test_legs_and_tail_of_a_dog() -> None:
    chains = legs_of(dogs.NAMES)
    ends = [dogs.NAMES[end] for _, _, end in chains]
    assert ends == ["left_hind_foot", "left_fore_foot", "right_hind_foot", "right_fore_foot"]
    assert [dogs.NAMES[joint] for joint in tail_of(dogs.NAMES)] == ["tail1", "tail2", "tail3"]
    assert legs_of(tuple(GAME.split())) == ()


@pytest.mark.parametrize("names", [("smile", "blink_l", "blink_r"), ("jaw", "eyeBlinkLeft", "eyeBlinkRight")])
def test_both_lids_are_found(names: tuple[str, ...]) -> None:
    assert morphs_of(names, *BLINK_MORPHS) == (1, 2)
