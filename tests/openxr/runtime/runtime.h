/* A small OpenXR runtime for tests: what its parts share.
 *
 * It implements the calls that the product uses, over the OpenGL context that is current, on simulated time:
 * xrWaitFrame returns at once and predicted times advance by one display period.  Tests steer it by text
 * commands (control.c) and read what it saw (acclimate_test_* in control.c and record.c).  One thread only.
 * It follows the OpenXR 1.0 and 1.1 specifications; xr.h is written by header.py.
 */
#ifndef RUNTIME_H
#define RUNTIME_H

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "functions.h"
#include "xr.h"

#define EXPORT __attribute__((visibility("default")))
#define VIEWS 2
#define HANDS 2
#define JOINTS 26
#define MAX_IMAGES 3
#define PATH_CHARS 256
#define NS_PER_S 1000000000LL

typedef struct {
    int32_t type;
    void *next;
} XrBase;

typedef void (*XrFunction)(void);

/* Every call by its number; the order is that of the counters. */
#define X(name) FN_##name,
enum Function { FUNCTIONS(X) FUNCTION_COUNT };
#undef X

enum Kind { INSTANCE, SESSION, SPACE, SWAPCHAIN, ACTION_SET, ACTION, HAND_TRACKER, KINDS };

typedef struct Handle {
    enum Kind kind;
    struct Handle *parent;
    struct Handle *next;
} Handle;

typedef struct {
    Handle handle;
    uint64_t api_version;
    bool requirements_asked;
} Instance;

typedef struct {
    Handle handle;
    int state;
    bool running;
    bool attached;
    bool ending;       /* the session goes down to STOPPING */
    bool exiting;      /* and then to EXITING */
    bool lost;
    int waited;        /* frames waited for and not begun */
    bool begun;
    bool ready_given;
    int64_t predicted_ns;
} Session;

typedef struct {
    Handle handle;
    int reference;     /* an XR_REFERENCE_SPACE_TYPE, or 0 for an action space */
    struct Action *action;
    uint64_t subaction;
    XrPosef offset;
} Space;

typedef struct {
    Handle handle;
    XrSwapchainCreateInfo info;
    uint32_t textures[MAX_IMAGES];
    uint32_t next_image;
    int acquired[MAX_IMAGES]; /* oldest first */
    int acquired_count;
    bool waited;              /* the oldest of them */
    int released;             /* the image released last, or -1 */
} Swapchain;

typedef struct {
    Handle handle;
    char name[64];
    bool attached;
} ActionSet;

typedef struct {
    bool active, changed;
    float x, y;
    int64_t changed_ns;
} InputValue;

typedef struct Action {
    Handle handle;
    char name[64];
    int type;
    uint32_t subaction_count;
    uint64_t subactions[4];
    InputValue values[4]; /* all, left, right, eyes */
} Action;

typedef struct {
    Handle handle;
    int hand; /* 0 left, 1 right */
} HandTracker;

typedef struct {
    bool active;             /* a controller that is switched on and seen */
    char profile[PATH_CHARS];
    XrPosef grip, aim;
    bool is_tracked;         /* else its place is not known */
    bool joints_active;
    float curl;
    XrPosef joints[JOINTS];  /* relative to the grip */
    float haptic_s, haptic_amplitude;
    int haptics;
} Hand;

typedef struct {
    XrPosef pose;
    XrVector3f velocity;
    float yaw_rate;
    int64_t since_ns;
    uint64_t flags;
} Moving;

typedef struct {
    int period_ns;
    int skipped_periods;     /* of the next frame */
    int64_t now_ns;
    bool paced;
    bool has_system, has_opengl, has_arrays, has_eye_gaze, has_hands, has_presence, asleep;
    int width, height;
    Moving head;
    float ipd_m, cant_rad;
    XrFovf fov[VIEWS];
    Hand hands[HANDS];
    bool gaze_active;
    XrQuaternionf gaze;
    int target_state;
    bool present;
    int blend_modes[3];
    int blend_mode_count;
    XrPosef origin, next_origin;
    int64_t origin_change_ns;
    bool instance_lost;
    bool watched;            /* the brightness of every picture is written to the log */
    float floor_m;
    float rates[3];
    float rate;
} World;

extern World world;

/* handles.c */
void *handle_new(enum Kind kind, size_t size, void *parent);
bool handle_is(const void *handle, enum Kind kind);
void handle_free(void *handle);
int handles_alive(int kind);
Session *only_session(void);
Handle *handles_first(void);

/* control.c */
XrResult enter(enum Function function);
void misuse(const char *format, ...);
bool excused(void); /* a call was made to fail lately: what was begun before it may be left open */
void noted(const char *format, ...);
void run_due_commands(bool is_new_frame);
int result_of_name(const char *name);
void world_reset(void);
extern int frames_waited;
extern const char *const function_names[];

/* instance.c */
int acclimate_test_offer(const char *name, int offered);
bool extension_enabled(const char *name);
uint64_t path_of(const char *text);
const char *path_text(uint64_t path);
XrFunction function_of(const char *name);

/* events.c */
void event_push(const void *event, size_t size);
void events_clear(void);
void session_state(Session *session, int state);
void session_advance(Session *session);
void event_reference_space(Session *session, int64_t change_ns, XrPosef pose);
void event_presence(Session *session);
void event_rate(Session *session, float from_hz, float to_hz);
void event_profile(Session *session);
void event_instance_loss(void);
void event_mask(Session *session);

/* poses.c */
extern const XrPosef pose_identity;
XrPosef pose_of(XrPosef base, XrPosef inner);
XrPosef pose_inverse(XrPosef pose);
XrPosef pose_turned(float x, float y, float z, float yaw_rad);
XrPosef head_at(int64_t time_ns);
XrVector3f rotated(XrQuaternionf q, XrVector3f v);
uint64_t space_in_world(const Space *space, int64_t time_ns, XrPosef *pose);
void joints_rest(Hand *hand);

/* profiles.c */
int binding_allowed(const char *profile, const char *path);
const char *profile_extension(const char *profile);

/* actions.c */
void inputs_clear(void);
void input_set(const char *path, float x, float y);
void bindings_clear(void);
uint64_t pose_in_world(const Action *action, uint64_t subaction, int64_t time_ns, XrPosef *pose);

/* gl.c */
bool gl_ready(void);
void gl_textures(Swapchain *swapchain);
void gl_delete(Swapchain *swapchain);
int gl_pixels(const Swapchain *swapchain, int image, int layer, const int32_t rect[4], float *rgba);

/* record.c */
XrResult record_layers(const XrFrameEndInfo *info);
void record_clear(void);

#define ENTER(name)                                                                                                  \
    do {                                                                                                             \
        XrResult injected_ = enter(FN_##name);                                                                       \
        if (injected_ < 0) return injected_;                                                                         \
    } while (0)

#define REFUSE(result, ...)                                                                                          \
    do {                                                                                                             \
        misuse(__VA_ARGS__);                                                                                         \
        return result;                                                                                               \
    } while (0)

#define NEED(handle, kind)                                                                                           \
    do {                                                                                                             \
        if (!handle_is(handle, kind)) REFUSE(XR_ERROR_HANDLE_INVALID, "%s: no such handle", __func__);               \
    } while (0)

#define NEED_TYPE(info, wanted)                                                                                      \
    do {                                                                                                             \
        if (!(info) || (info)->type != (wanted)) REFUSE(XR_ERROR_VALIDATION_FAILURE, "%s: wrong type", __func__);    \
    } while (0)

/* The two calls by which a list is fetched. */
#define LIST(capacity, count, total)                                                                                 \
    do {                                                                                                             \
        *(count) = (uint32_t)(total);                                                                                \
        if ((capacity) == 0) return XR_SUCCESS;                                                                      \
        if ((capacity) < (uint32_t)(total)) return XR_ERROR_SIZE_INSUFFICIENT;                                       \
    } while (0)

static inline void *chained(void *next, int32_t type) {
    for (XrBase *one = next; one; one = one->next)
        if (one->type == type) return one;
    return NULL;
}

#endif
