"""A frame loop in a few lines of bare calls, to test the test runtime itself with."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from contextlib import ExitStack

import xr
from OpenGL import EGL
from xr.platform import linux

SIZE_PX = (64, 72)
SRGB = 0x8C43


class Bare:
    """An instance, a session over the current EGL context, one array swapchain, one space; close it."""

    def __init__(self, *extensions: str) -> None:
        self._stack = ExitStack()
        self.time_shift_ns = 0
        self.events: list[xr.StructureType] = []
        self.draw: Callable[[int], None] = lambda texture: None
        self.waited: Callable[[xr.FrameState], None] = lambda state: None
        names = ["XR_KHR_opengl_enable", "XR_MNDX_egl_enable", *extensions]
        about = xr.ApplicationInfo("bare", 1, "bare", 1, xr.Version(1, 0, 0))
        info = xr.InstanceCreateInfo(enabled_extension_names=names, application_info=about)
        self.instance = xr.create_instance(info)
        self._stack.callback(xr.destroy_instance, self.instance)
        try:
            self._open()
        except xr.XrException:
            self.close()
            raise

    def _open(self) -> None:
        self.system = xr.get_system(self.instance, xr.SystemGetInfo(xr.FormFactor.HEAD_MOUNTED_DISPLAY))
        self._ask_requirements()
        self.session = xr.create_session(self.instance, xr.SessionCreateInfo(system_id=self.system, next=egl_binding()))
        local = xr.ReferenceSpaceCreateInfo(xr.ReferenceSpaceType.LOCAL)
        self.space = xr.create_reference_space(self.session, local)
        self.swapchain = xr.create_swapchain(self.session, swapchain_info())
        images = xr.enumerate_swapchain_images(self.swapchain, linux.SwapchainImageOpenGLKHR)
        self.textures = [int(one.image) for one in images]

    def close(self) -> None:
        """Destroy the instance and all with it."""
        self._stack.close()

    def poll(self) -> None:
        """Read all events; begin and end the session when asked to."""
        while True:
            try:
                event = xr.poll_event(self.instance)
            except xr.EventUnavailable:
                return
            self.events.append(xr.StructureType(event.type))
            if event.type == xr.StructureType.EVENT_DATA_SESSION_STATE_CHANGED.value:
                changed = ctypes.cast(ctypes.byref(event), ctypes.POINTER(xr.EventDataSessionStateChanged)).contents
                if changed.state == xr.SessionState.READY:
                    xr.begin_session(self.session, xr.SessionBeginInfo())
                if changed.state == xr.SessionState.STOPPING:
                    xr.end_session(self.session)

    def frame(self) -> xr.FrameState:
        """One whole frame."""
        state = xr.wait_frame(self.session)
        self.waited(state)
        xr.begin_frame(self.session)
        layers = [self._layer(state)] if state.should_render else []
        xr.end_frame(self.session, xr.FrameEndInfo(state.predicted_display_time + self.time_shift_ns, layers=layers))
        return state

    def frames(self, count: int) -> None:
        """Events and frames in turn, while the session runs."""
        for _ in range(count):
            self.poll()
            self.frame()

    def _layer(self, state: xr.FrameState) -> object:
        stereo = xr.ViewConfigurationType.PRIMARY_STEREO
        where = xr.ViewLocateInfo(stereo, state.predicted_display_time, self.space)
        _, views = xr.locate_views(self.session, where)
        image = xr.acquire_swapchain_image(self.swapchain, xr.SwapchainImageAcquireInfo())
        xr.wait_swapchain_image(self.swapchain, xr.SwapchainImageWaitInfo(timeout=xr.INFINITE_DURATION))
        self.draw(self.textures[image])
        xr.release_swapchain_image(self.swapchain, xr.SwapchainImageReleaseInfo())
        part = xr.Rect2Di(extent=xr.Extent2Di(*SIZE_PX))
        both = [
            xr.CompositionLayerProjectionView(
                pose=view.pose, fov=view.fov, sub_image=xr.SwapchainSubImage(self.swapchain, part, eye)
            )
            for eye, view in enumerate(views)
        ]
        self._kept = (xr.CompositionLayerProjectionView * 2)(*both)
        return ctypes.pointer(xr.CompositionLayerProjection(space=self.space, views=self._kept))

    def _ask_requirements(self) -> None:
        address = xr.get_instance_proc_addr(self.instance, "xrGetOpenGLGraphicsRequirementsKHR")
        ask = ctypes.cast(address, linux.PFN_xrGetOpenGLGraphicsRequirementsKHR)
        answer = linux.GraphicsRequirementsOpenGLKHR()
        assert ask(self.instance, self.system, ctypes.byref(answer)) == xr.Result.SUCCESS.value


def egl_binding() -> linux.GraphicsBindingEGLMNDX:
    """The EGL context that is current."""
    library = ctypes.CDLL("libEGL.so.1")
    loader = ctypes.cast(library.eglGetProcAddress, linux.PFN_xrEglGetProcAddressMNDX)
    display, context = EGL.eglGetCurrentDisplay(), EGL.eglGetCurrentContext()
    return linux.GraphicsBindingEGLMNDX(get_proc_address=loader, display=display, config=None, context=context)


def swapchain_info() -> xr.SwapchainCreateInfo:
    """Both eyes' images as two layers of one texture."""
    return xr.SwapchainCreateInfo(
        usage_flags=xr.SwapchainUsageFlags.COLOR_ATTACHMENT_BIT,
        format=SRGB,
        sample_count=1,
        width=SIZE_PX[0],
        height=SIZE_PX[1],
        face_count=1,
        array_size=2,
        mip_count=1,
    )
