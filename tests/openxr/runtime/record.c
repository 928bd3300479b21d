/* The layers of the last frame, as they were handed to xrEndFrame. */
#include "runtime.h"

#define LAYERS 16

typedef struct {
    XrPosef pose;
    XrFovf fov;
    Swapchain *swapchain;
    int32_t image, array_index;
    int32_t x, y, width, height;
    int32_t has_depth;
    float min_depth, max_depth, near_z, far_z;
} SeenView;

typedef struct {
    int32_t type;
    int32_t view_count;
    uint64_t flags;
    void *space;
    int32_t reference;
    int32_t quad_eyes;
    XrPosef quad_pose;
    XrExtent2Df quad_size;
    SeenView views[VIEWS];
} SeenLayer;

typedef struct {
    int64_t display_time;
    int32_t blend_mode;
    int32_t layer_count;
    int32_t frames_ended, frames_with_layers;
    SeenLayer layers[LAYERS];
} SeenFrame;

static SeenFrame seen;

void record_clear(void) { memset(&seen, 0, sizeof seen); }

EXPORT const SeenFrame *acclimate_test_frame(void) { return &seen; }

EXPORT int acclimate_test_frame_size(void) { return (int)sizeof seen; }

EXPORT int acclimate_test_pixel(int layer, int view, int x, int y, float rgba[4]) {
    const SeenView *one = &seen.layers[layer].views[view];
    if (layer >= seen.layer_count || !handle_is(one->swapchain, SWAPCHAIN)) return 0;
    const int32_t rect[4] = {one->x + x, one->y + y, 1, 1};
    return gl_pixels(one->swapchain, one->image, one->array_index, rect, rgba);
}

/* The mean brightness of the left eye's picture goes to the log: how a child that draws is watched. */
static void watch(void) {
    const SeenView *one = &seen.layers[0].views[0];
    if (!seen.layer_count) {
        noted("dark");
        return;
    }
    const int32_t rect[4] = {one->x, one->y, one->width, one->height};
    int total = one->width * one->height;
    float *rgba = malloc(sizeof(float) * 4 * (size_t)total);
    double sum = 0.0;
    if (gl_pixels(one->swapchain, one->image, one->array_index, rect, rgba))
        for (int i = 0; i < total; i++) sum += (double)(rgba[4 * i] + rgba[4 * i + 1] + rgba[4 * i + 2]) / 3.0;
    free(rgba);
    noted("bright %.5f", sum / total);
}

static XrResult sub_image(const XrSwapchainSubImage *sub, SeenView *view) {
    NEED(sub->swapchain, SWAPCHAIN);
    const Swapchain *swapchain = (const Swapchain *)sub->swapchain;
    XrRect2Di rect = sub->image_rect;
    bool inside = rect.offset.x >= 0 && rect.offset.y >= 0 && rect.extent.width > 0 && rect.extent.height > 0 &&
                  rect.offset.x + rect.extent.width <= (int)swapchain->info.width &&
                  rect.offset.y + rect.extent.height <= (int)swapchain->info.height;
    if (!inside) REFUSE(XR_ERROR_SWAPCHAIN_RECT_INVALID, "a layer's rectangle leaves its image");
    if (sub->image_array_index >= swapchain->info.array_size) REFUSE(XR_ERROR_VALIDATION_FAILURE, "no such array layer");
    if (swapchain->released < 0) REFUSE(XR_ERROR_LAYER_INVALID, "a layer shows a swapchain that no image was released of");
    if (swapchain->acquired_count && !excused()) misuse("a layer is handed over while an image of its swapchain is acquired");
    view->swapchain = (Swapchain *)sub->swapchain;
    view->image = swapchain->released;
    view->array_index = (int)sub->image_array_index;
    view->x = rect.offset.x;
    view->y = rect.offset.y;
    view->width = rect.extent.width;
    view->height = rect.extent.height;
    return XR_SUCCESS;
}

static XrResult depth_of(const XrCompositionLayerProjectionView *from, SeenView *view) {
    const XrCompositionLayerDepthInfoKHR *depth = chained(from->next, XR_TYPE_COMPOSITION_LAYER_DEPTH_INFO_KHR);
    view->has_depth = depth != NULL;
    if (!depth) return XR_SUCCESS;
    if (!extension_enabled("XR_KHR_composition_layer_depth")) misuse("a depth layer without its extension");
    SeenView unused;
    XrResult result = sub_image(&depth->sub_image, &unused);
    bool valid = depth->min_depth >= 0.0f && depth->min_depth < depth->max_depth && depth->max_depth <= 1.0f;
    if (!valid) REFUSE(XR_ERROR_VALIDATION_FAILURE, "a depth layer's range");
    view->min_depth = depth->min_depth;
    view->max_depth = depth->max_depth;
    view->near_z = depth->near_z;
    view->far_z = depth->far_z;
    return result;
}

static XrResult projection(const XrCompositionLayerProjection *from, SeenLayer *layer) {
    if (from->view_count != VIEWS) REFUSE(XR_ERROR_VALIDATION_FAILURE, "a projection layer without both views");
    layer->view_count = VIEWS;
    for (int i = 0; i < VIEWS; i++) {
        const XrCompositionLayerProjectionView *one = &from->views[i];
        NEED_TYPE(one, XR_TYPE_COMPOSITION_LAYER_PROJECTION_VIEW);
        XrQuaternionf q = one->pose.orientation;
        float length = q.x * q.x + q.y * q.y + q.z * q.z + q.w * q.w;
        if (fabsf(length - 1.0f) > 0.01f) REFUSE(XR_ERROR_POSE_INVALID, "a view's pose is no pose");
        layer->views[i].pose = one->pose;
        layer->views[i].fov = one->fov;
        XrResult result = sub_image(&one->sub_image, &layer->views[i]);
        if (result >= 0) result = depth_of(one, &layer->views[i]);
        if (result < 0) return result;
    }
    return XR_SUCCESS;
}

static XrResult quad(const XrCompositionLayerQuad *from, SeenLayer *layer) {
    layer->view_count = 1;
    layer->quad_eyes = from->eye_visibility;
    layer->quad_pose = from->pose;
    layer->quad_size = from->size;
    return sub_image(&from->sub_image, &layer->views[0]);
}

XrResult record_layers(const XrFrameEndInfo *info) {
    static SeenFrame made;
    memset(&made, 0, sizeof made);
    if (info->layer_count > LAYERS) return XR_ERROR_LAYER_LIMIT_EXCEEDED;
    for (uint32_t i = 0; i < info->layer_count; i++) {
        const XrCompositionLayerBaseHeader *from = info->layers[i];
        SeenLayer *layer = &made.layers[i];
        if (!from) REFUSE(XR_ERROR_LAYER_INVALID, "a layer that is nothing");
        NEED(from->space, SPACE);
        layer->type = from->type;
        layer->flags = from->layer_flags;
        layer->space = from->space;
        layer->reference = ((const Space *)from->space)->reference;
        XrResult result = XR_ERROR_LAYER_INVALID;
        if (from->type == XR_TYPE_COMPOSITION_LAYER_PROJECTION) result = projection((const void *)from, layer);
        else if (from->type == XR_TYPE_COMPOSITION_LAYER_QUAD) result = quad((const void *)from, layer);
        else misuse("a layer of type %d", from->type);
        if (result < 0) return result;
    }
    made.display_time = info->display_time;
    made.blend_mode = info->environment_blend_mode;
    made.layer_count = (int)info->layer_count;
    made.frames_ended = seen.frames_ended + 1;
    made.frames_with_layers = seen.frames_with_layers + (info->layer_count > 0);
    seen = made;
    if (world.watched) watch();
    return XR_SUCCESS;
}
