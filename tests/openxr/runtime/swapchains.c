/* Swapchains and their images. */
#include "runtime.h"

static const int64_t formats[] = {0x8C43 /* SRGB8_ALPHA8 */, 0x881A /* RGBA16F */, 0x8058 /* RGBA8 */,
                                  0x8CAC /* DEPTH_COMPONENT32F */, 0x81A6 /* DEPTH_COMPONENT24 */};
#define FORMATS (int)(sizeof formats / sizeof *formats)

#define LOST(swapchain) ((Session *)(swapchain)->handle.parent)->lost

XrResult xrEnumerateSwapchainFormats(XrSession handle, uint32_t capacity, uint32_t *count, int64_t *list) {
    ENTER(EnumerateSwapchainFormats);
    NEED(handle, SESSION);
    if (((Session *)handle)->lost) return XR_ERROR_SESSION_LOST;
    LIST(capacity, count, FORMATS);
    memcpy(list, formats, sizeof formats);
    return XR_SUCCESS;
}

XrResult xrCreateSwapchain(XrSession handle, const XrSwapchainCreateInfo *info, XrSwapchain *made) {
    ENTER(CreateSwapchain);
    NEED(handle, SESSION);
    NEED_TYPE(info, XR_TYPE_SWAPCHAIN_CREATE_INFO);
    if (((Session *)handle)->lost) return XR_ERROR_SESSION_LOST;
    bool known = false;
    for (int i = 0; i < FORMATS; i++) known |= formats[i] == info->format;
    if (!known) return XR_ERROR_SWAPCHAIN_FORMAT_UNSUPPORTED;
    bool fits = info->width && info->height && info->width <= 4096 && info->height <= 4096 && info->mip_count;
    if (!fits || info->face_count != 1 || !info->array_size) REFUSE(XR_ERROR_VALIDATION_FAILURE, "xrCreateSwapchain: sizes");
    if (info->sample_count != 1 || (info->array_size > 1 && !world.has_arrays)) return XR_ERROR_FEATURE_UNSUPPORTED;
    if (!gl_ready()) REFUSE(XR_ERROR_GRAPHICS_DEVICE_INVALID, "xrCreateSwapchain without a current OpenGL context");
    Swapchain *swapchain = handle_new(SWAPCHAIN, sizeof *swapchain, handle);
    swapchain->info = *info;
    swapchain->released = -1;
    gl_textures(swapchain);
    *made = (XrSwapchain)swapchain;
    return XR_SUCCESS;
}

XrResult xrDestroySwapchain(XrSwapchain handle) {
    ENTER(DestroySwapchain);
    NEED(handle, SWAPCHAIN);
    handle_free(handle);
    return XR_SUCCESS;
}

XrResult xrEnumerateSwapchainImages(XrSwapchain handle, uint32_t capacity, uint32_t *count,
                                    XrSwapchainImageOpenGLKHR *images) {
    ENTER(EnumerateSwapchainImages);
    NEED(handle, SWAPCHAIN);
    Swapchain *swapchain = (Swapchain *)handle;
    if (LOST(swapchain)) return XR_ERROR_SESSION_LOST;
    LIST(capacity, count, MAX_IMAGES);
    for (int i = 0; i < MAX_IMAGES; i++) {
        NEED_TYPE(&images[i], XR_TYPE_SWAPCHAIN_IMAGE_OPENGL_KHR);
        images[i].image = swapchain->textures[i];
    }
    return XR_SUCCESS;
}

XrResult xrAcquireSwapchainImage(XrSwapchain handle, const XrSwapchainImageAcquireInfo *info, uint32_t *index) {
    ENTER(AcquireSwapchainImage);
    NEED(handle, SWAPCHAIN);
    if (info) NEED_TYPE(info, XR_TYPE_SWAPCHAIN_IMAGE_ACQUIRE_INFO);
    Swapchain *swapchain = (Swapchain *)handle;
    if (LOST(swapchain)) return XR_ERROR_SESSION_LOST;
    if (swapchain->acquired_count == MAX_IMAGES) REFUSE(XR_ERROR_CALL_ORDER_INVALID, "every image is acquired");
    if (swapchain->acquired_count && !excused()) misuse("an image is acquired while another one is");
    *index = swapchain->next_image;
    swapchain->acquired[swapchain->acquired_count++] = (int)swapchain->next_image;
    swapchain->next_image = (swapchain->next_image + 1) % MAX_IMAGES;
    return XR_SUCCESS;
}

XrResult xrWaitSwapchainImage(XrSwapchain handle, const XrSwapchainImageWaitInfo *info) {
    ENTER(WaitSwapchainImage);
    NEED(handle, SWAPCHAIN);
    NEED_TYPE(info, XR_TYPE_SWAPCHAIN_IMAGE_WAIT_INFO);
    Swapchain *swapchain = (Swapchain *)handle;
    if (LOST(swapchain)) return XR_ERROR_SESSION_LOST;
    if (!swapchain->acquired_count || swapchain->waited)
        REFUSE(XR_ERROR_CALL_ORDER_INVALID, "xrWaitSwapchainImage without an acquired image");
    if (info->timeout <= 0) misuse("xrWaitSwapchainImage without a time to wait");
    swapchain->waited = true;
    return XR_SUCCESS;
}

XrResult xrReleaseSwapchainImage(XrSwapchain handle, const XrSwapchainImageReleaseInfo *info) {
    ENTER(ReleaseSwapchainImage);
    NEED(handle, SWAPCHAIN);
    if (info) NEED_TYPE(info, XR_TYPE_SWAPCHAIN_IMAGE_RELEASE_INFO);
    Swapchain *swapchain = (Swapchain *)handle;
    if (LOST(swapchain)) return XR_ERROR_SESSION_LOST;
    if (!swapchain->waited) REFUSE(XR_ERROR_CALL_ORDER_INVALID, "xrReleaseSwapchainImage before xrWaitSwapchainImage");
    swapchain->released = swapchain->acquired[0];
    swapchain->acquired_count--;
    memmove(swapchain->acquired, swapchain->acquired + 1, sizeof(int) * (size_t)swapchain->acquired_count);
    swapchain->waited = false;
    return XR_SUCCESS;
}
