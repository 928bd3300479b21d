"""One frame in the order that OpenXR asks for: wait, begin, locate, end.  Its structures are made once."""

from __future__ import annotations

from collections.abc import Sequence
from ctypes import POINTER, byref, c_uint32, cast, pointer

import xr
from xr import raw_functions as raw

from environments.display.openxr import fields
from environments.display.openxr.calls import checked
from environments.display.openxr.runtime import VIEWS
from environments.render.eyes import EyeView
from environments.render.model import Float32

Size = tuple[int, int]
_BY_ALPHA = xr.CompositionLayerFlags.BLEND_TEXTURE_SOURCE_ALPHA_BIT.value
_KNOWN = xr.ViewStateFlags.ORIENTATION_VALID_BIT.value | xr.ViewStateFlags.POSITION_VALID_BIT.value


class Frames:
    """The frames of one running session; at most one is begun, and whoever begins it ends it."""

    def __init__(self, session: xr.Session, places: Sequence[tuple[xr.Swapchain, int]], size_px: Size) -> None:
        self._session = session
        self._state, self._wait_info = xr.FrameState(), xr.FrameWaitInfo()
        self._begin_info = xr.FrameBeginInfo()
        self._view_state, self._count = xr.ViewState(), c_uint32()
        self._views = (xr.View * 2)(xr.View(), xr.View())
        self._locate_info = xr.ViewLocateInfo(view_configuration_type=VIEWS)
        self._shown = (xr.CompositionLayerProjectionView * 2)(*(_shown(*place, size_px) for place in places))
        self._layer = xr.CompositionLayerProjection(views=self._shown)
        header = POINTER(xr.CompositionLayerBaseHeader)
        self._layers = (header * 1)(cast(pointer(self._layer), header))
        self._end_info = xr.FrameEndInfo(layers=self._layers)
        self.is_begun = False
        self.modes = (xr.EnvironmentBlendMode.OPAQUE, xr.EnvironmentBlendMode.OPAQUE)
        """How whole pictures are shown, and how clear ones."""

        self.hidden: tuple[Float32 | None, Float32 | None] = (None, None)
        """What the lenses hide of each eye's picture."""

        self.missed = 0
        """Frames that the compositor showed again before the last one that was waited for."""
        self._last_time = 0

    @property
    def time(self) -> int:
        """When the picture of this frame is shown, in the runtime's nanoseconds."""
        return int(self._state.predicted_display_time)

    @property
    def period_ns(self) -> int:
        """How long one picture is shown."""
        return int(self._state.predicted_display_period)

    @property
    def should_render(self) -> bool:
        """Whether the picture of this frame will be seen."""
        return bool(self._state.should_render)

    def wait(self) -> None:
        """Wait until the runtime wants a frame; afterwards its time is known, and what it missed."""
        checked(raw.xrWaitFrame(self._session, byref(self._wait_info), byref(self._state)))
        since, self._last_time = self.time - self._last_time, self.time
        is_first = since == self.time
        period = self.period_ns
        self.missed = 0 if is_first or period <= 0 else max(round(since / period) - 1, 0)

    def begin(self) -> None:
        """Begin the frame that was waited for."""
        checked(raw.xrBeginFrame(self._session, byref(self._begin_info)))
        self.is_begun = True

    def forget_time(self) -> None:
        """What was missed until now does not count: a scene was loaded, or nobody looked."""
        self._last_time = 0

    def eyes(self, base: xr.Space) -> tuple[EyeView, ...]:
        """Both eyes relative to a space at the time of this frame; empty when they are not known."""
        self._locate_info.display_time = self.time
        self._locate_info.space = base
        checked(
            raw.xrLocateViews(
                self._session,
                byref(self._locate_info),
                byref(self._view_state),
                2,
                byref(self._count),
                self._views,
            )
        )
        if self._view_state._view_state_flags & _KNOWN != _KNOWN:  # noqa: SLF001  the plain number
            return ()
        for shown, view in zip(self._shown, self._views, strict=True):
            shown.pose, shown.fov = view.pose, view.fov
        self._layer.space = base
        return tuple(_eye(view, hidden) for view, hidden in zip(self._views, self.hidden, strict=True))

    def end(self, *, is_shown: bool, depths: Sequence[int | None] = (None, None), is_clear: bool = False) -> None:
        """End the frame, with the pictures of `eyes` or with none; `depths` are addresses of what is told of each."""
        mode = self.modes[int(is_clear)]
        self._layer._layer_flags = _BY_ALPHA if mode is xr.EnvironmentBlendMode.ALPHA_BLEND else 0  # noqa: SLF001
        for shown, depth in zip(self._shown, depths, strict=True):
            shown._next = depth  # noqa: SLF001  the plain address
        self._end_info.display_time = self.time
        self._end_info._environment_blend_mode = mode.value  # noqa: SLF001  the plain number
        self._end_info.layer_count = 1 if is_shown else 0
        self.is_begun = False
        checked(raw.xrEndFrame(self._session, byref(self._end_info)))


def _shown(swapchain: xr.Swapchain, layer: int, size_px: Size) -> xr.CompositionLayerProjectionView:
    rectangle = xr.Rect2Di(xr.Offset2Di(0, 0), xr.Extent2Di(*size_px))
    return xr.CompositionLayerProjectionView(sub_image=xr.SwapchainSubImage(swapchain, rectangle, layer))


def _eye(view: xr.View, hidden: Float32 | None) -> EyeView:
    pose = view.pose
    return EyeView(fields.turned(pose.orientation), fields.vector(pose.position), fields.tangents(view.fov), hidden)
