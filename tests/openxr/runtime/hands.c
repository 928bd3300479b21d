/* XR_EXT_hand_tracking. */
#include "runtime.h"

XrResult xrCreateHandTrackerEXT(XrSession handle, const XrHandTrackerCreateInfoEXT *info, XrHandTrackerEXT *made) {
    ENTER(CreateHandTrackerEXT);
    NEED(handle, SESSION);
    NEED_TYPE(info, XR_TYPE_HAND_TRACKER_CREATE_INFO_EXT);
    if (((Session *)handle)->lost) return XR_ERROR_SESSION_LOST;
    if (!extension_enabled("XR_EXT_hand_tracking")) return XR_ERROR_FUNCTION_UNSUPPORTED;
    if (!world.has_hands) return XR_ERROR_FEATURE_UNSUPPORTED;
    HandTracker *tracker = handle_new(HAND_TRACKER, sizeof *tracker, handle);
    tracker->hand = info->hand == XR_HAND_EXT_LEFT ? 0 : 1;
    *made = (XrHandTrackerEXT)tracker;
    return XR_SUCCESS;
}

XrResult xrDestroyHandTrackerEXT(XrHandTrackerEXT handle) {
    ENTER(DestroyHandTrackerEXT);
    NEED(handle, HAND_TRACKER);
    handle_free(handle);
    return XR_SUCCESS;
}

XrResult xrLocateHandJointsEXT(XrHandTrackerEXT handle, const XrHandJointsLocateInfoEXT *info,
                               XrHandJointLocationsEXT *locations) {
    ENTER(LocateHandJointsEXT);
    NEED(handle, HAND_TRACKER);
    NEED_TYPE(info, XR_TYPE_HAND_JOINTS_LOCATE_INFO_EXT);
    NEED_TYPE(locations, XR_TYPE_HAND_JOINT_LOCATIONS_EXT);
    NEED(info->base_space, SPACE);
    const HandTracker *tracker = (const HandTracker *)handle;
    if (((Session *)tracker->handle.parent)->lost) return XR_ERROR_SESSION_LOST;
    if (info->time <= 0) return XR_ERROR_TIME_INVALID;
    if (locations->joint_count != JOINTS) REFUSE(XR_ERROR_VALIDATION_FAILURE, "a hand has 26 joints");
    const Hand *hand = &world.hands[tracker->hand];
    XrPosef base;
    space_in_world((const Space *)info->base_space, info->time, &base);
    XrPosef root = pose_of(pose_inverse(base), hand->grip);
    locations->is_active = hand->joints_active;
    for (int i = 0; i < JOINTS; i++) {
        XrHandJointLocationEXT *one = &locations->joint_locations[i];
        one->location_flags = hand->joints_active ? 15 : 0;
        one->pose = hand->joints_active ? pose_of(root, hand->joints[i]) : pose_identity;
        one->radius = 0.009f;
    }
    return XR_SUCCESS;
}
