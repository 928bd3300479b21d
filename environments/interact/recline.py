"""People who lie down: what they see is turned up with them, so that straight ahead is where they rest.  Pure.

A head that rests at `recline_deg` above the horizon looks straight ahead in the scene, and panels come to where it
looks.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from environments.player_input import Head
from environments.render.matrices import head_rotation


def reclined(head: Head, recline_deg: float) -> Head:
    """The head as the scene sees it, when the patient rests `recline_deg` above the horizon."""
    if recline_deg == 0.0:
        return head
    back = head_rotation(0.0, -recline_deg)
    turned = back @ head_rotation(head.yaw_deg, head.pitch_deg, head.roll_deg)
    pitch_deg = math.degrees(math.asin(min(max(-float(turned[1, 2]), -1.0), 1.0)))
    yaw_deg = -math.degrees(math.atan2(float(turned[0, 2]), float(turned[2, 2])))
    roll_deg = -math.degrees(math.atan2(float(turned[1, 0]), float(turned[1, 1])))
    x, y, z = (float(part) for part in back @ np.array(head.offset_m))
    return replace(head, yaw_deg=yaw_deg, pitch_deg=pitch_deg, roll_deg=roll_deg, offset_m=(x, y, z))
