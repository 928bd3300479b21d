"""Calls of OpenXR that fail by raising, and the copies of its structures that are used again every frame."""

from __future__ import annotations

import os

# The loader writes to standard error whatever it tries; what it means is told in a sentence of our own.
os.environ.setdefault("XR_LOADER_DEBUG", "none")

import xr

LOST = (xr.SessionLostError, xr.InstanceLostError, xr.RuntimeFailureError, xr.RuntimeUnavailableError)
"""What a headset that is gone raises; a new session may bring it back."""


def checked(result: xr.Result) -> xr.Result:
    """The result of a raw call; raises what an error means and lets qualified success through."""
    if result.value < 0:
        raise xr.exception.check_result(result)
    return result
