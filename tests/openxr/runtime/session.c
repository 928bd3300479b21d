/* The session and its frames. */
#define _GNU_SOURCE
#include <time.h>

#include "runtime.h"

#define NEED_SESSION(handle)                                                                                         \
    NEED(handle, SESSION);                                                                                           \
    Session *session = (Session *)handle;                                                                            \
    if (session->lost) return XR_ERROR_SESSION_LOST

#define DONE(session) return (session)->state == XR_SESSION_STATE_LOSS_PENDING ? XR_SESSION_LOSS_PENDING : XR_SUCCESS

static bool bound_to_graphics(const XrSessionCreateInfo *info) {
    if (extension_enabled("XR_KHR_opengl_enable")) {
        if (chained(info->next, XR_TYPE_GRAPHICS_BINDING_OPENGL_XLIB_KHR)) return true;
        if (chained(info->next, XR_TYPE_GRAPHICS_BINDING_OPENGL_WIN32_KHR)) return true;
        if (chained(info->next, XR_TYPE_GRAPHICS_BINDING_EGL_MNDX)) return extension_enabled("XR_MNDX_egl_enable");
    }
    return false;
}

XrResult xrCreateSession(XrInstance handle, const XrSessionCreateInfo *info, XrSession *made) {
    ENTER(CreateSession);
    NEED(handle, INSTANCE);
    NEED_TYPE(info, XR_TYPE_SESSION_CREATE_INFO);
    if (!world.has_system) return XR_ERROR_SYSTEM_INVALID;
    if (handles_alive(SESSION)) return XR_ERROR_LIMIT_REACHED;
    if (!((Instance *)handle)->requirements_asked)
        REFUSE(XR_ERROR_GRAPHICS_REQUIREMENTS_CALL_MISSING, "xrCreateSession before the graphics requirements");
    if (!world.has_opengl || !bound_to_graphics(info) || !gl_ready()) return XR_ERROR_GRAPHICS_DEVICE_INVALID;
    Session *session = handle_new(SESSION, sizeof *session, handle);
    *made = (XrSession)session;
    session_advance(session);
    return XR_SUCCESS;
}

XrResult xrDestroySession(XrSession handle) {
    ENTER(DestroySession);
    NEED(handle, SESSION);
    handle_free(handle);
    return XR_SUCCESS;
}

XrResult xrBeginSession(XrSession handle, const XrSessionBeginInfo *info) {
    ENTER(BeginSession);
    NEED_SESSION(handle);
    NEED_TYPE(info, XR_TYPE_SESSION_BEGIN_INFO);
    if (session->running) REFUSE(XR_ERROR_SESSION_RUNNING, "xrBeginSession while it runs");
    if (session->state != XR_SESSION_STATE_READY) REFUSE(XR_ERROR_SESSION_NOT_READY, "xrBeginSession in state %d", session->state);
    if (info->primary_view_configuration_type != XR_VIEW_CONFIGURATION_TYPE_PRIMARY_STEREO)
        return XR_ERROR_VIEW_CONFIGURATION_TYPE_UNSUPPORTED;
    session->running = true;
    session->waited = 0;
    session->begun = false;
    event_presence(session);
    DONE(session);
}

XrResult xrEndSession(XrSession handle) {
    ENTER(EndSession);
    NEED_SESSION(handle);
    if (!session->running) REFUSE(XR_ERROR_SESSION_NOT_RUNNING, "xrEndSession without a running session");
    if (session->state != XR_SESSION_STATE_STOPPING)
        REFUSE(XR_ERROR_SESSION_NOT_STOPPING, "xrEndSession in state %d", session->state);
    session->running = false;
    session->ending = false;
    session_state(session, XR_SESSION_STATE_IDLE);
    if (session->exiting) session_state(session, XR_SESSION_STATE_EXITING);
    DONE(session);
}

XrResult xrRequestExitSession(XrSession handle) {
    ENTER(RequestExitSession);
    NEED_SESSION(handle);
    if (!session->running) return XR_ERROR_SESSION_NOT_RUNNING;
    session->ending = session->exiting = true;
    DONE(session);
}

static void pace(int64_t from_ns) {
    static int64_t base_ns;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    int64_t real_ns = now.tv_sec * NS_PER_S + now.tv_nsec;
    if (!base_ns) base_ns = real_ns - from_ns;
    int64_t left_ns = base_ns + from_ns - real_ns;
    if (left_ns < 0) base_ns -= left_ns;
    struct timespec rest = {left_ns / NS_PER_S, left_ns % NS_PER_S};
    if (left_ns > 0) nanosleep(&rest, NULL);
}

XrResult xrWaitFrame(XrSession handle, const XrFrameWaitInfo *info, XrFrameState *state) {
    ENTER(WaitFrame);
    NEED_SESSION(handle);
    if (info) NEED_TYPE(info, XR_TYPE_FRAME_WAIT_INFO);
    NEED_TYPE(state, XR_TYPE_FRAME_STATE);
    if (!session->running) REFUSE(XR_ERROR_SESSION_NOT_RUNNING, "xrWaitFrame without a running session");
    if (session->waited && !excused()) misuse("xrWaitFrame again before xrBeginFrame: a real runtime would block for ever");
    frames_waited++;
    run_due_commands(true);
    if (session->lost) return XR_ERROR_SESSION_LOST;
    int periods = 1 + world.skipped_periods;
    world.skipped_periods = 0;
    world.now_ns += (int64_t)periods * world.period_ns;
    if (world.paced) pace(world.now_ns);
    if (session->state == XR_SESSION_STATE_READY) session_advance(session);
    session->waited++;
    session->predicted_ns = world.now_ns + 2LL * world.period_ns;
    state->predicted_display_time = session->predicted_ns;
    state->predicted_display_period = world.period_ns;
    state->should_render = session->state == XR_SESSION_STATE_VISIBLE || session->state == XR_SESSION_STATE_FOCUSED;
    DONE(session);
}

XrResult xrBeginFrame(XrSession handle, const XrFrameBeginInfo *info) {
    ENTER(BeginFrame);
    NEED_SESSION(handle);
    if (info) NEED_TYPE(info, XR_TYPE_FRAME_BEGIN_INFO);
    if (!session->running) REFUSE(XR_ERROR_SESSION_NOT_RUNNING, "xrBeginFrame without a running session");
    if (!session->waited) REFUSE(XR_ERROR_CALL_ORDER_INVALID, "xrBeginFrame without xrWaitFrame");
    session->waited--;
    if (session->begun) {
        if (!excused()) misuse("xrBeginFrame again: the frame before was not ended");
        return XR_FRAME_DISCARDED;
    }
    session->begun = true;
    DONE(session);
}

XrResult xrEndFrame(XrSession handle, const XrFrameEndInfo *info) {
    ENTER(EndFrame);
    NEED_SESSION(handle);
    NEED_TYPE(info, XR_TYPE_FRAME_END_INFO);
    if (!session->running) REFUSE(XR_ERROR_SESSION_NOT_RUNNING, "xrEndFrame without a running session");
    if (!session->begun) REFUSE(XR_ERROR_CALL_ORDER_INVALID, "xrEndFrame without xrBeginFrame");
    if (info->display_time <= 0) return XR_ERROR_TIME_INVALID;
    if (info->display_time != session->predicted_ns) misuse("xrEndFrame with a display time that was not predicted");
    bool blends = false;
    for (int i = 0; i < world.blend_mode_count; i++) blends |= world.blend_modes[i] == info->environment_blend_mode;
    if (!blends) return XR_ERROR_ENVIRONMENT_BLEND_MODE_UNSUPPORTED;
    XrResult layers = record_layers(info);
    if (layers < 0) return layers;
    session->begun = false;
    session_advance(session);
    DONE(session);
}

XrResult xrEnumerateDisplayRefreshRatesFB(XrSession handle, uint32_t capacity, uint32_t *count, float *rates) {
    ENTER(EnumerateDisplayRefreshRatesFB);
    NEED_SESSION(handle);
    LIST(capacity, count, 3);
    memcpy(rates, world.rates, sizeof world.rates);
    DONE(session);
}

XrResult xrGetDisplayRefreshRateFB(XrSession handle, float *rate) {
    ENTER(GetDisplayRefreshRateFB);
    NEED_SESSION(handle);
    *rate = world.rate;
    DONE(session);
}

XrResult xrRequestDisplayRefreshRateFB(XrSession handle, float rate) {
    ENTER(RequestDisplayRefreshRateFB);
    NEED_SESSION(handle);
    bool offered = rate == 0.0f;
    for (int i = 0; i < 3; i++) offered |= world.rates[i] == rate;
    if (!offered) return XR_ERROR_DISPLAY_REFRESH_RATE_UNSUPPORTED_FB;
    if (rate != 0.0f && rate != world.rate) {
        event_rate(session, world.rate, rate);
        world.rate = rate;
        world.period_ns = (int)((double)NS_PER_S / (double)rate);
    }
    DONE(session);
}
