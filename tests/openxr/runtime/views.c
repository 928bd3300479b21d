/* View configurations, the two views, and spaces. */
#include "runtime.h"

#define NEED_SESSION(handle)                                                                                         \
    NEED(handle, SESSION);                                                                                           \
    Session *session = (Session *)handle;                                                                            \
    if (session->lost) return XR_ERROR_SESSION_LOST

#define STEREO XR_VIEW_CONFIGURATION_TYPE_PRIMARY_STEREO

XrResult xrEnumerateViewConfigurations(XrInstance handle, uint64_t system, uint32_t capacity, uint32_t *count,
                                       int32_t *types) {
    ENTER(EnumerateViewConfigurations);
    NEED(handle, INSTANCE);
    (void)system;
    LIST(capacity, count, 1);
    types[0] = STEREO;
    return XR_SUCCESS;
}

XrResult xrGetViewConfigurationProperties(XrInstance handle, uint64_t system, int32_t type,
                                          XrViewConfigurationProperties *properties) {
    ENTER(GetViewConfigurationProperties);
    NEED(handle, INSTANCE);
    (void)system;
    if (type != STEREO) return XR_ERROR_VIEW_CONFIGURATION_TYPE_UNSUPPORTED;
    properties->view_configuration_type = STEREO;
    properties->fov_mutable = 1;
    return XR_SUCCESS;
}

XrResult xrEnumerateViewConfigurationViews(XrInstance handle, uint64_t system, int32_t type, uint32_t capacity,
                                           uint32_t *count, XrViewConfigurationView *views) {
    ENTER(EnumerateViewConfigurationViews);
    NEED(handle, INSTANCE);
    (void)system;
    if (type != STEREO) return XR_ERROR_VIEW_CONFIGURATION_TYPE_UNSUPPORTED;
    LIST(capacity, count, VIEWS);
    uint32_t width = (uint32_t)world.width, height = (uint32_t)world.height;
    for (int i = 0; i < VIEWS; i++) {
        NEED_TYPE(&views[i], XR_TYPE_VIEW_CONFIGURATION_VIEW);
        void *next = views[i].next;
        views[i] = (XrViewConfigurationView){XR_TYPE_VIEW_CONFIGURATION_VIEW, next, width, 4096, height, 4096, 1, 4};
    }
    return XR_SUCCESS;
}

XrResult xrEnumerateEnvironmentBlendModes(XrInstance handle, uint64_t system, int32_t type, uint32_t capacity,
                                          uint32_t *count, int32_t *modes) {
    ENTER(EnumerateEnvironmentBlendModes);
    NEED(handle, INSTANCE);
    (void)system;
    if (type != STEREO) return XR_ERROR_VIEW_CONFIGURATION_TYPE_UNSUPPORTED;
    LIST(capacity, count, world.blend_mode_count);
    for (int i = 0; i < world.blend_mode_count; i++) modes[i] = world.blend_modes[i];
    return XR_SUCCESS;
}

XrResult xrLocateViews(XrSession handle, const XrViewLocateInfo *info, XrViewState *state, uint32_t capacity,
                       uint32_t *count, XrView *views) {
    ENTER(LocateViews);
    NEED_SESSION(handle);
    NEED_TYPE(info, XR_TYPE_VIEW_LOCATE_INFO);
    NEED_TYPE(state, XR_TYPE_VIEW_STATE);
    NEED(info->space, SPACE);
    if (info->view_configuration_type != STEREO) return XR_ERROR_VIEW_CONFIGURATION_TYPE_UNSUPPORTED;
    if (info->display_time <= 0) return XR_ERROR_TIME_INVALID;
    if (info->display_time != session->predicted_ns) misuse("xrLocateViews for a time that was not predicted");
    state->view_state_flags = world.head.flags;
    LIST(capacity, count, VIEWS);
    XrPosef base;
    space_in_world((Space *)info->space, info->display_time, &base);
    XrPosef head = pose_of(pose_inverse(base), head_at(info->display_time));
    for (int i = 0; i < VIEWS; i++) {
        NEED_TYPE(&views[i], XR_TYPE_VIEW);
        float side = i == 0 ? -1.0f : 1.0f;
        views[i].pose = pose_of(head, pose_turned(side * world.ipd_m / 2.0f, 0.0f, 0.0f, -side * world.cant_rad));
        views[i].fov = world.fov[i];
    }
    return XR_SUCCESS;
}

static const int references[] = {XR_REFERENCE_SPACE_TYPE_VIEW, XR_REFERENCE_SPACE_TYPE_LOCAL,
                                 XR_REFERENCE_SPACE_TYPE_STAGE, XR_REFERENCE_SPACE_TYPE_LOCAL_FLOOR};

static int reference_count(void) { return extension_enabled("XR_EXT_local_floor") ? 4 : 3; }

XrResult xrEnumerateReferenceSpaces(XrSession handle, uint32_t capacity, uint32_t *count, int32_t *types) {
    ENTER(EnumerateReferenceSpaces);
    NEED_SESSION(handle);
    (void)session;
    LIST(capacity, count, reference_count());
    for (int i = 0; i < reference_count(); i++) types[i] = references[i];
    return XR_SUCCESS;
}

static bool is_unit(XrQuaternionf q) {
    return fabsf(q.x * q.x + q.y * q.y + q.z * q.z + q.w * q.w - 1.0f) < 0.01f;
}

XrResult xrCreateReferenceSpace(XrSession handle, const XrReferenceSpaceCreateInfo *info, XrSpace *made) {
    ENTER(CreateReferenceSpace);
    NEED_SESSION(handle);
    NEED_TYPE(info, XR_TYPE_REFERENCE_SPACE_CREATE_INFO);
    (void)session;
    bool known = false;
    for (int i = 0; i < reference_count(); i++) known |= references[i] == info->reference_space_type;
    if (!known) return XR_ERROR_REFERENCE_SPACE_UNSUPPORTED;
    if (!is_unit(info->pose_in_reference_space.orientation)) REFUSE(XR_ERROR_POSE_INVALID, "a space's pose is no pose");
    Space *space = handle_new(SPACE, sizeof *space, handle);
    space->reference = info->reference_space_type;
    space->offset = info->pose_in_reference_space;
    *made = (XrSpace)space;
    return XR_SUCCESS;
}

XrResult xrGetReferenceSpaceBoundsRect(XrSession handle, int32_t type, XrExtent2Df *bounds) {
    ENTER(GetReferenceSpaceBoundsRect);
    NEED_SESSION(handle);
    (void)session;
    *bounds = (XrExtent2Df){0.0f, 0.0f};
    if (type != XR_REFERENCE_SPACE_TYPE_STAGE) return XR_SPACE_BOUNDS_UNAVAILABLE;
    *bounds = (XrExtent2Df){2.5f, 2.0f};
    return XR_SUCCESS;
}

XrResult xrCreateActionSpace(XrSession handle, const XrActionSpaceCreateInfo *info, XrSpace *made) {
    ENTER(CreateActionSpace);
    NEED_SESSION(handle);
    NEED_TYPE(info, XR_TYPE_ACTION_SPACE_CREATE_INFO);
    NEED(info->action, ACTION);
    (void)session;
    if (((Action *)info->action)->type != XR_ACTION_TYPE_POSE_INPUT) REFUSE(XR_ERROR_ACTION_TYPE_MISMATCH, "no pose action");
    if (!is_unit(info->pose_in_action_space.orientation)) REFUSE(XR_ERROR_POSE_INVALID, "a space's pose is no pose");
    Space *space = handle_new(SPACE, sizeof *space, handle);
    space->action = (Action *)info->action;
    space->subaction = info->subaction_path;
    space->offset = info->pose_in_action_space;
    *made = (XrSpace)space;
    return XR_SUCCESS;
}

XrResult xrDestroySpace(XrSpace handle) {
    ENTER(DestroySpace);
    NEED(handle, SPACE);
    handle_free(handle);
    return XR_SUCCESS;
}

XrResult xrLocateSpace(XrSpace handle, XrSpace base, int64_t time_ns, XrSpaceLocation *location) {
    ENTER(LocateSpace);
    NEED(handle, SPACE);
    NEED(base, SPACE);
    NEED_TYPE(location, XR_TYPE_SPACE_LOCATION);
    if (((Session *)((Space *)handle)->handle.parent)->lost) return XR_ERROR_SESSION_LOST;
    if (time_ns <= 0) return XR_ERROR_TIME_INVALID;
    XrPosef pose, origin;
    uint64_t flags = space_in_world((Space *)handle, time_ns, &pose);
    flags &= space_in_world((Space *)base, time_ns, &origin);
    location->location_flags = flags;
    location->pose = pose_of(pose_inverse(origin), pose);
    XrSpaceVelocity *velocity = chained(location->next, XR_TYPE_SPACE_VELOCITY);
    if (velocity) velocity->velocity_flags = 0;
    return XR_SUCCESS;
}

XrResult xrGetVisibilityMaskKHR(XrSession handle, int32_t type, uint32_t view, int32_t mask_type,
                                XrVisibilityMaskKHR *mask) {
    static const XrVector2f corners[] = {{-2.0f, -2.0f}, {-0.6f, -2.0f}, {-2.0f, -0.6f}};
    ENTER(GetVisibilityMaskKHR);
    NEED_SESSION(handle);
    NEED_TYPE(mask, XR_TYPE_VISIBILITY_MASK_KHR);
    (void)session;
    if (type != STEREO) return XR_ERROR_VIEW_CONFIGURATION_TYPE_UNSUPPORTED;
    if (view >= VIEWS) return XR_ERROR_INDEX_OUT_OF_RANGE;
    bool hidden = mask_type == XR_VISIBILITY_MASK_TYPE_KHR_HIDDEN_TRIANGLE_MESH;
    mask->vertex_count_output = mask->index_count_output = hidden ? 3 : 0;
    if (!mask->vertex_capacity_input && !mask->index_capacity_input) return XR_SUCCESS;
    if (hidden && (mask->vertex_capacity_input < 3 || mask->index_capacity_input < 3)) return XR_ERROR_SIZE_INSUFFICIENT;
    for (uint32_t i = 0; hidden && i < 3; i++) {
        mask->vertices[i] = corners[i];
        mask->indices[i] = i; /* anticlockwise */
    }
    return XR_SUCCESS;
}
