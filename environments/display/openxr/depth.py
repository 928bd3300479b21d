"""How far away everything in both eyes' pictures is, for runtimes that move late pictures to where the head went."""

from __future__ import annotations

from ctypes import c_void_p, cast, pointer

import xr

from environments.display.openxr import gl_calls
from environments.display.openxr.gl_calls import GlCalls
from environments.display.openxr.swapchains import Size, Swapchain
from environments.render.matrices import FAR_M, NEAR_M

_USE = xr.SwapchainUsageFlags.DEPTH_STENCIL_ATTACHMENT_BIT | xr.SwapchainUsageFlags.TRANSFER_DST_BIT


class EyeDepths:
    """One array of two layers, and what is told of it with each picture."""

    def __init__(self, session: xr.Session, size_px: Size, gl: GlCalls) -> None:
        self._gl = gl
        self._chain = Swapchain(session, gl_calls.DEPTH_COMPONENT24, size_px, 2, _USE)
        self._target = gl.framebuffer()
        self.infos = [self._info(eye) for eye in (0, 1)]
        self.addresses = [cast(pointer(info), c_void_p).value for info in self.infos]

    def _info(self, eye: int) -> xr.CompositionLayerDepthInfoKHR:
        rectangle = xr.Rect2Di(xr.Offset2Di(0, 0), xr.Extent2Di(*self._chain.size_px))
        image = xr.SwapchainSubImage(self._chain.handle, rectangle, eye)
        return xr.CompositionLayerDepthInfoKHR(
            sub_image=image, min_depth=0.0, max_depth=1.0, near_z=NEAR_M, far_z=FAR_M
        )

    def fill(self, framebuffer: int, both_px: Size) -> bool:
        """Copy the depth of a framebuffer that holds both eyes side by side; False when there is no room for it."""
        width, height = both_px[0] // 2, both_px[1]
        if width > self._chain.size_px[0] or height > self._chain.size_px[1]:
            return False
        try:
            texture = self._chain.texture()
            if texture is not None:
                self._copy(framebuffer, texture, (width, height))
            return texture is not None
        finally:
            self._chain.release()

    def _copy(self, framebuffer: int, texture: int, eye_px: Size) -> None:
        gl, (width, height) = self._gl, eye_px
        gl.bind_framebuffer(gl_calls.READ_FRAMEBUFFER, framebuffer)
        gl.bind_framebuffer(gl_calls.DRAW_FRAMEBUFFER, self._target)
        for eye, info in enumerate(self.infos):
            gl.texture_layer(gl_calls.DRAW_FRAMEBUFFER, gl_calls.DEPTH_ATTACHMENT, texture, 0, eye)
            # Samples can be copied only as large as they are: a coarser picture fills a corner.
            sides = (eye * width, 0, (eye + 1) * width, height, 0, 0, width, height)
            gl.blit(*sides, gl_calls.DEPTH_BUFFER_BIT, gl_calls.NEAREST)
            info.sub_image.image_rect.extent.width, info.sub_image.image_rect.extent.height = width, height
        gl.bind_framebuffer(gl_calls.FRAMEBUFFER, 0)

    def close(self) -> None:
        """Destroy the swapchain."""
        self._chain.close()
        if self._target:
            self._gl.delete(self._target)
            self._target = 0


def eye_depths(session: xr.Session, size_px: Size, gl: GlCalls) -> EyeDepths | None:
    """None where the runtime takes no depth of the kind that is drawn."""
    if gl_calls.DEPTH_COMPONENT24 not in [int(one) for one in xr.enumerate_swapchain_formats(session)]:
        return None
    try:
        return EyeDepths(session, size_px, gl)
    except (xr.SwapchainFormatUnsupportedError, xr.FeatureUnsupportedError, xr.ValidationFailureError):
        return None
