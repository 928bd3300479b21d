"""What the lenses of a headset hide of each eye's picture."""

from __future__ import annotations

import ctypes
from ctypes import POINTER, byref, cast

import numpy as np
import xr

from environments.display.openxr.calls import checked
from environments.display.openxr.runtime import VIEWS
from environments.render.model import Float32

_KIND = xr.VisibilityMaskTypeKHR.HIDDEN_TRIANGLE_MESH


def hidden_parts(session: xr.Session, eye: int) -> Float32 | None:
    """Triangles (n, 3, 2) in tangents that one eye cannot see; None where the runtime does not know any."""
    address = xr.get_instance_proc_addr(session.instance, "xrGetVisibilityMaskKHR")
    ask = cast(address, xr.PFN_xrGetVisibilityMaskKHR)
    mask = xr.VisibilityMaskKHR()
    checked(xr.Result(ask(session, VIEWS.value, eye, _KIND.value, byref(mask))))
    places, corners = mask.vertex_count_output, mask.index_count_output
    if not places or not corners:
        return None
    vertices, indices = (xr.Vector2f * places)(), (ctypes.c_uint32 * corners)()
    mask.vertex_capacity_input, mask.index_capacity_input = places, corners
    mask.vertices = cast(vertices, POINTER(xr.Vector2f))
    mask.indices = cast(indices, POINTER(ctypes.c_uint32))
    checked(xr.Result(ask(session, VIEWS.value, eye, _KIND.value, byref(mask))))
    chosen = np.frombuffer(indices, np.uint32)[: mask.index_count_output]
    known = np.frombuffer(vertices, np.float32).reshape(-1, 2)[: mask.vertex_count_output]
    whole = chosen[: len(chosen) // 3 * 3]
    if not len(whole) or int(whole.max()) >= len(known):
        return None
    return np.ascontiguousarray(known[whole].reshape(-1, 3, 2))
