/* The queue of events, and the states of a session. */
#include "runtime.h"

#define QUEUE 64

static union {
    XrEventDataBuffer buffer;
    XrBase base;
} queue[QUEUE];
static int waiting;

void events_clear(void) { waiting = 0; }

void event_push(const void *event, size_t size) {
    if (waiting == QUEUE) {
        misuse("events are not read: the queue is full");
        return;
    }
    memcpy(&queue[waiting++], event, size);
}

XrResult xrPollEvent(XrInstance handle, XrEventDataBuffer *event) {
    ENTER(PollEvent);
    NEED(handle, INSTANCE);
    NEED_TYPE(event, XR_TYPE_EVENT_DATA_BUFFER);
    run_due_commands(false);
    Session *session = only_session();
    if (session && !session->running) session_advance(session);
    if (!waiting) return XR_EVENT_UNAVAILABLE;
    memcpy(event, &queue[0], sizeof *event);
    memmove(&queue[0], &queue[1], sizeof queue[0] * (size_t)--waiting);
    return XR_SUCCESS;
}

void session_state(Session *session, int state) {
    if (session->state == state) return;
    session->state = state;
    XrEventDataSessionStateChanged event = {XR_TYPE_EVENT_DATA_SESSION_STATE_CHANGED, NULL, (XrSession)session, state,
                                            world.now_ns};
    event_push(&event, sizeof event);
    noted("state %d", state);
}

static int toward(int state, int target) { return state < target ? state + 1 : state > target ? state - 1 : state; }

/* One step towards where the session shall be; called at each frame and each time the script changes something. */
void session_advance(Session *session) {
    if (session->state == XR_SESSION_STATE_LOSS_PENDING || session->lost) return;
    if (session->running) {
        bool ends = session->ending || world.asleep;
        int target = ends ? XR_SESSION_STATE_SYNCHRONIZED : world.target_state;
        if (session->state == XR_SESSION_STATE_STOPPING) return;
        if (ends && session->state <= XR_SESSION_STATE_SYNCHRONIZED) session_state(session, XR_SESSION_STATE_STOPPING);
        else session_state(session, toward(session->state, target));
        return;
    }
    if (session->state == XR_SESSION_STATE_UNKNOWN) session_state(session, XR_SESSION_STATE_IDLE);
    if (session->state != XR_SESSION_STATE_IDLE) return;
    if (session->exiting) session_state(session, XR_SESSION_STATE_EXITING);
    else if (!world.asleep && !session->ending) session_state(session, XR_SESSION_STATE_READY);
}

void event_reference_space(Session *session, int64_t change_ns, XrPosef pose) {
    static const int moved[] = {XR_REFERENCE_SPACE_TYPE_LOCAL, XR_REFERENCE_SPACE_TYPE_LOCAL_FLOOR};
    int kinds = extension_enabled("XR_EXT_local_floor") ? 2 : 1;
    for (int i = 0; i < kinds; i++) {
        XrEventDataReferenceSpaceChangePending event = {
            XR_TYPE_EVENT_DATA_REFERENCE_SPACE_CHANGE_PENDING, NULL, (XrSession)session, moved[i], change_ns, 1, pose};
        event_push(&event, sizeof event);
    }
}

void event_presence(Session *session) {
    if (!extension_enabled("XR_EXT_user_presence") || !world.has_presence) return;
    XrEventDataUserPresenceChangedEXT event = {XR_TYPE_EVENT_DATA_USER_PRESENCE_CHANGED_EXT, NULL, (XrSession)session,
                                               world.present};
    event_push(&event, sizeof event);
}

void event_rate(Session *session, float from_hz, float to_hz) {
    (void)session;
    if (!extension_enabled("XR_FB_display_refresh_rate")) return;
    XrEventDataDisplayRefreshRateChangedFB event = {XR_TYPE_EVENT_DATA_DISPLAY_REFRESH_RATE_CHANGED_FB, NULL, from_hz,
                                                    to_hz};
    event_push(&event, sizeof event);
}

void event_profile(Session *session) {
    XrEventDataInteractionProfileChanged event = {XR_TYPE_EVENT_DATA_INTERACTION_PROFILE_CHANGED, NULL,
                                                  (XrSession)session};
    event_push(&event, sizeof event);
}

void event_mask(Session *session) {
    if (!extension_enabled("XR_KHR_visibility_mask")) return;
    for (uint32_t view = 0; view < VIEWS; view++) {
        XrEventDataVisibilityMaskChangedKHR event = {XR_TYPE_EVENT_DATA_VISIBILITY_MASK_CHANGED_KHR, NULL,
                                                     (XrSession)session,
                                                     XR_VIEW_CONFIGURATION_TYPE_PRIMARY_STEREO, view};
        event_push(&event, sizeof event);
    }
}

void event_instance_loss(void) {
    XrEventDataInstanceLossPending event = {XR_TYPE_EVENT_DATA_INSTANCE_LOSS_PENDING, NULL, world.now_ns};
    event_push(&event, sizeof event);
}
