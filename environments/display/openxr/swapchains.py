"""The runtime's pictures that the headset shows: one array of two layers, or one picture for each eye."""

from __future__ import annotations

from collections.abc import Sequence
from ctypes import POINTER, byref, c_uint32, cast

import xr
from xr import raw_functions as raw

from environments.display.base import DisplayMissing
from environments.display.openxr import gl_calls
from environments.display.openxr.calls import checked
from environments.display.openxr.gl_calls import GlCalls

Size = tuple[int, int]
COLOUR = xr.SwapchainUsageFlags.COLOR_ATTACHMENT_BIT | xr.SwapchainUsageFlags.TRANSFER_DST_BIT
LONGEST_WAIT_NS = 1_000_000_000
"""A picture that the compositor does not give back for this long is not waited for any more."""


class Swapchain:
    """One swapchain and its OpenGL textures; the one picture that is acquired is always given back."""

    def __init__(
        self,
        session: xr.Session,
        pixel_format: int,
        size_px: Size,
        layers: int,
        use: xr.SwapchainUsageFlags = COLOUR,
    ) -> None:
        self.size_px, self.layers = size_px, layers
        self.handle = xr.create_swapchain(
            session,
            xr.SwapchainCreateInfo(
                usage_flags=use,
                format=pixel_format,
                sample_count=1,
                width=size_px[0],
                height=size_px[1],
                face_count=1,
                array_size=layers,
                mip_count=1,
            ),
        )
        self._textures = _textures(self.handle)
        self._acquire, self._release = xr.SwapchainImageAcquireInfo(), xr.SwapchainImageReleaseInfo()
        self._wait = xr.SwapchainImageWaitInfo(timeout=LONGEST_WAIT_NS)
        self._index = c_uint32()
        self._is_acquired = self._is_ready = False

    def texture(self) -> int | None:
        """Acquire a picture and wait for it; its texture, or None while the compositor still holds it."""
        if not self._is_acquired:
            checked(raw.xrAcquireSwapchainImage(self.handle, byref(self._acquire), byref(self._index)))
            self._is_acquired = True
        result = checked(raw.xrWaitSwapchainImage(self.handle, byref(self._wait)))
        self._is_ready = result is not xr.Result.TIMEOUT_EXPIRED
        return self._textures[self._index.value] if self._is_ready else None

    def release(self) -> None:
        """Give an acquired picture back; one that was never ready must be waited for first."""
        if self._is_acquired and self._is_ready:
            self._is_acquired = self._is_ready = False
            checked(raw.xrReleaseSwapchainImage(self.handle, byref(self._release)))

    def close(self) -> None:
        """Destroy the swapchain."""
        if self.handle:
            handle, self.handle = self.handle, None
            xr.destroy_swapchain(handle)


class EyePictures:
    """What both eyes are shown, filled from the halves of one picture."""

    def __init__(self, session: xr.Session, size_px: Size, gl: GlCalls, *, as_array: bool = True) -> None:
        offered = [int(one) for one in xr.enumerate_swapchain_formats(session)]
        if gl_calls.SRGB8_ALPHA8 not in offered:
            raise DisplayMissing("The headset takes no pictures with sRGB colours.", "Bring its software up to date.")
        self.size_px = size_px
        self._gl = gl
        self._target = gl.framebuffer()
        self.chains: list[Swapchain] = []
        try:
            self._make(session, as_array=as_array)
        except BaseException:
            self.close()
            raise

    def _make(self, session: xr.Session, *, as_array: bool) -> None:
        if as_array:
            try:
                self.chains = [Swapchain(session, gl_calls.SRGB8_ALPHA8, self.size_px, 2)]
            except (xr.SwapchainFormatUnsupportedError, xr.FeatureUnsupportedError, xr.ValidationFailureError):
                self.chains = []
        for _ in range(0 if self.chains else 2):
            self.chains.append(Swapchain(session, gl_calls.SRGB8_ALPHA8, self.size_px, 1))

    def places(self) -> list[tuple[xr.Swapchain, int]]:
        """Swapchain and layer of each eye."""
        if len(self.chains) == 1:
            return [(self.chains[0].handle, 0), (self.chains[0].handle, 1)]
        return [(chain.handle, 0) for chain in self.chains]

    def fill(self, framebuffer: int) -> bool:
        """Copy a framebuffer that holds both eyes side by side; False when the compositor gave no picture."""
        try:
            textures = [chain.texture() for chain in self.chains]
            if all(texture is not None for texture in textures):
                self._copy(framebuffer, textures)
            return all(texture is not None for texture in textures)
        finally:
            for chain in self.chains:
                chain.release()

    def _copy(self, framebuffer: int, textures: Sequence[int | None]) -> None:
        gl, (width, height) = self._gl, self.size_px
        # The bytes are sRGB already: they are copied as they are.
        gl.disable(gl_calls.FRAMEBUFFER_SRGB)
        gl.bind_framebuffer(gl_calls.READ_FRAMEBUFFER, framebuffer)
        gl.bind_framebuffer(gl_calls.DRAW_FRAMEBUFFER, self._target)
        for eye in range(2):
            texture = textures[min(eye, len(textures) - 1)] or 0
            if len(textures) == 1:
                gl.texture_layer(gl_calls.DRAW_FRAMEBUFFER, gl_calls.COLOR_ATTACHMENT0, texture, 0, eye)
            else:
                gl.texture_2d(gl_calls.DRAW_FRAMEBUFFER, gl_calls.COLOR_ATTACHMENT0, 0x0DE1, texture, 0)
            sides = (eye * width, 0, (eye + 1) * width, height, 0, 0, width, height)
            gl.blit(*sides, gl_calls.COLOR_BUFFER_BIT, gl_calls.NEAREST)
        gl.bind_framebuffer(gl_calls.FRAMEBUFFER, 0)

    def close(self) -> None:
        """Destroy the swapchains."""
        for chain in self.chains:
            chain.close()
        self.chains = []
        if self._target:
            self._gl.delete(self._target)
            self._target = 0


def _textures(swapchain: xr.Swapchain) -> list[int]:
    count = c_uint32()
    checked(raw.xrEnumerateSwapchainImages(swapchain, 0, byref(count), None))
    images = (xr.SwapchainImageOpenGLKHR * count.value)(*(xr.SwapchainImageOpenGLKHR() for _ in range(count.value)))
    header = cast(images, POINTER(xr.SwapchainImageBaseHeader))
    checked(raw.xrEnumerateSwapchainImages(swapchain, count.value, byref(count), header))
    return [int(image.image) for image in images]
