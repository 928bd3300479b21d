"""Where the patient rests: the spaces that head, eyes and hands are told in.

The resting place is taken with one look: where the head is when it is first seen, or recentred, is the middle, and
where it looks is straight ahead.  For a patient who lies, the whole direction counts, so that the ceiling is straight
ahead; else only its heading, so that the floor stays level.  Standing patients keep their own height over the real
floor.
"""

from __future__ import annotations

from ctypes import byref

import numpy as np
import xr
from xr import raw_functions as raw

from environments.display.openxr import fields
from environments.display.openxr.calls import checked
from environments.render.matrices import Matrix, Vector

TRACKED = (
    xr.SpaceLocationFlags.ORIENTATION_VALID_BIT.value | xr.SpaceLocationFlags.POSITION_VALID_BIT.value,
    xr.SpaceLocationFlags.ORIENTATION_VALID_BIT.value | xr.SpaceLocationFlags.ORIENTATION_TRACKED_BIT.value,
)
"""A head counts as tracked when its place is known and its direction is measured, not guessed."""

LEAST_STANDING_M, MOST_STANDING_M = 0.8, 2.3
"""Eyes outside of this over the floor mean that the floor is not where the runtime says."""

IDENTITY = (0.0, 0.0, 0.0, 1.0)


class Spaces:
    """Reference spaces of one session; `floor_eye_m` is the eye height that scenes are built for, None when seated."""

    def __init__(self, session: xr.Session, *, lies: bool, floor_eye_m: float | None) -> None:
        self._session = session
        self._lies, self._floor_eye_m = lies, floor_eye_m
        self.local = self._space(xr.ReferenceSpaceType.LOCAL)
        self.view = self._space(xr.ReferenceSpaceType.VIEW)
        self._floor = self._floor_space()
        self.rest: xr.Space | None = None
        self._location = xr.SpaceLocation()

    def _space(
        self,
        kind: xr.ReferenceSpaceType,
        turn: tuple[float, float, float, float] = IDENTITY,
        place: Vector | None = None,
    ) -> xr.Space:
        x, y, z = (0.0, 0.0, 0.0) if place is None else place.tolist()
        pose = xr.Posef(xr.Quaternionf(*turn), xr.Vector3f(x, y, z))
        return xr.create_reference_space(
            self._session, xr.ReferenceSpaceCreateInfo(reference_space_type=kind, pose_in_reference_space=pose)
        )

    def _floor_space(self) -> xr.Space | None:
        offered = {int(getattr(one, "value", one)) for one in xr.enumerate_reference_spaces(self._session)}
        for kind in (xr.ReferenceSpaceType.LOCAL_FLOOR, xr.ReferenceSpaceType.STAGE):
            if kind.value in offered:
                return self._space(kind)
        return None

    def located(self, space: xr.Space, base: xr.Space, time: int) -> tuple[Matrix, Vector, bool]:
        """Turn (3, 3), place (3) in metres and whether both are known of a space at a time."""
        checked(raw.xrLocateSpace(space, base, time, byref(self._location)))
        flags = self._location._location_flags  # noqa: SLF001  the plain number; the property makes an enum
        pose = self._location.pose
        is_known = all(flags & mask == mask for mask in TRACKED)
        return fields.turned(pose.orientation), fields.vector(pose.position), is_known

    def calibrate(self, time: int) -> bool:
        """Rest where the head is now; False when it cannot be told where that is."""
        turn, place, is_known = self.located(self.view, self.local, time)
        if not is_known:
            return False
        rest = place.copy()
        if self._floor is not None and self._floor_eye_m is not None:
            height_m = float(self.located(self.view, self._floor, time)[1][1])
            if LEAST_STANDING_M <= height_m <= MOST_STANDING_M:
                rest[1] += self._floor_eye_m - height_m
        resting = fields.resting_quaternion(turn) if self._lies else fields.heading_quaternion(turn)
        self.forget()
        self.rest = self._space(xr.ReferenceSpaceType.LOCAL, resting, np.asarray(rest))
        return True

    def forget(self) -> None:
        """Rest nowhere until the next calibration."""
        if self.rest is not None:
            xr.destroy_space(self.rest)
            self.rest = None

    def close(self) -> None:
        """Destroy all spaces."""
        self.forget()
        for space in (self.local, self.view, self._floor):
            if space is not None:
                xr.destroy_space(space)
        self._floor = None
