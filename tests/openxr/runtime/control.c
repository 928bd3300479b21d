/* Counting and failing calls, and the commands by which tests steer the runtime.
 *
 * A command is one line of words: `focus 0`, `head 0 1.6 0 0 0 0 1`; `at FRAME COMMAND...` runs it at that
 * xrWaitFrame, `in FRAMES COMMAND...` so many later.  They come through acclimate_test_command() or from the file that
 * ACCLIMATE_XR_SCRIPT names, which is read on while it grows.  ACCLIMATE_XR_LOG names a file to which misuse, failures
 * and changes of state are written. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdarg.h>

#include "runtime.h"

#define MAX_LATER 512
#define LINE 256
#define MISUSES 32

World world;
int frames_waited;

static const struct {
    const char *name;
    int value;
} results[] = RESULT_NAMES;

#define X(name) "xr" #name,
const char *const function_names[] = {FUNCTIONS(X)};
#undef X

static int failed_frame = -9;
static int64_t calls[FUNCTION_COUNT], all_calls;
static struct {
    int64_t after;
    XrResult result;
    bool sticky;
} failing[FUNCTION_COUNT + 1];
static char misuses[MISUSES][LINE];
static int misuse_count;
static struct {
    int frame;
    char line[LINE];
} later[MAX_LATER];
static int later_count;
static FILE *script, *log_file;
static bool opened;

static void log_line(const char *kind, const char *text) {
    if (log_file) {
        fprintf(log_file, "%d %s %s\n", frames_waited, kind, text);
        fflush(log_file);
    }
}

void misuse(const char *format, ...) {
    char text[LINE];
    va_list list;
    va_start(list, format);
    vsnprintf(text, LINE, format, list);
    va_end(list);
    snprintf(misuses[misuse_count % MISUSES], LINE, "%s", text);
    misuse_count++;
    log_line("misuse", text);
}

void noted(const char *format, ...) {
    char text[LINE];
    va_list list;
    va_start(list, format);
    vsnprintf(text, LINE, format, list);
    va_end(list);
    log_line("note", text);
}

int result_of_name(const char *name) {
    for (size_t i = 0; i < sizeof results / sizeof *results; i++)
        if (!strcmp(results[i].name, name)) return results[i].value;
    return 0;
}

static XrResult failure_of(int which) {
    if (!failing[which].result || --failing[which].after > 0) return XR_SUCCESS;
    XrResult result = failing[which].result;
    if (failing[which].sticky) failing[which].after = 1;
    else failing[which].result = 0;
    return result;
}

XrResult enter(enum Function function) {
    calls[function]++;
    all_calls++;
    XrResult result = failure_of(function);
    if (!result && function != FN_DestroyInstance) result = failure_of(FUNCTION_COUNT);
    if (!result && world.instance_lost && function != FN_DestroyInstance && function != FN_CreateInstance &&
        function != FN_EnumerateInstanceExtensionProperties && function != FN_DestroySession)
        result = XR_ERROR_INSTANCE_LOST;
    if (result) {
        failed_frame = frames_waited;
        char text[LINE];
        snprintf(text, LINE, "%s %d", function_names[function], result);
        log_line("failed", text);
    }
    return result;
}

bool excused(void) { return frames_waited - failed_frame <= 2; }

static bool is(const char *word, const char *name) { return !strcmp(word, name); }

static void session_changed(int kind) {
    Session *session = only_session();
    if (!session) return;
    if (kind == 'l') session_state(session, XR_SESSION_STATE_LOSS_PENDING);
    /* Without frames only an event can tell. */
    if (kind == 'L' && !session->running) session_state(session, XR_SESSION_STATE_LOSS_PENDING);
    if (kind == 'L') session->lost = true;
    if (kind == 'x') session->ending = session->exiting = true;
    if (kind == 's' && session->running) session->ending = true;
    if (kind == 'p' && session->running) event_presence(session);
    if (kind == 'm') event_mask(session);
    if (kind != 'l' && kind != 'L') session_advance(session);
}

static bool command_session(const char *word, const char *rest) {
    int n = atoi(rest);
    if (is(word, "state")) world.target_state = n;
    else if (is(word, "focus")) world.target_state = n ? XR_SESSION_STATE_FOCUSED : XR_SESSION_STATE_VISIBLE;
    else if (is(word, "visible")) world.target_state = n ? XR_SESSION_STATE_FOCUSED : XR_SESSION_STATE_SYNCHRONIZED;
    else if (is(word, "asleep")) world.asleep = n;
    else if (is(word, "present")) world.present = n;
    else if (is(word, "instance_lost")) world.instance_lost = n;
    else if (is(word, "instance_loss_pending")) event_instance_loss();
    else if (is(word, "step")) (void)n;
    else if (!is(word, "stop") && !is(word, "exit") && !is(word, "session_lost") && !is(word, "session_loss_pending") &&
             !is(word, "mask"))
        return false;
    int kind = is(word, "stop") ? 's' : is(word, "exit") ? 'x' : is(word, "session_lost") ? 'L' : 0;
    if (is(word, "session_loss_pending")) kind = 'l';
    session_changed(is(word, "present") ? 'p' : is(word, "mask") ? 'm' : kind);
    return true;
}

static bool command_recentre(const char *rest) {
    float x = 0.0f, z = 0.0f, yaw = 0.0f;
    int frames = 0;
    if (sscanf(rest, "%f %f %f %d", &x, &z, &yaw, &frames) < 3) return false;
    world.origin = world.next_origin;
    XrPosef moved = pose_turned(x, 0.0f, z, yaw);
    world.next_origin = pose_of(world.origin, moved);
    world.origin_change_ns = world.now_ns + (int64_t)(frames + 2) * world.period_ns;
    Session *session = only_session();
    if (session) event_reference_space(session, world.origin_change_ns, moved);
    return true;
}

static bool command_world(const char *word, const char *rest) {
    int a = 0, b = 0;
    float p[8] = {0.0f};
    int numbers = sscanf(rest, "%d %d", &a, &b);
    int floats = sscanf(rest, "%f %f %f %f %f %f %f %f", p, p + 1, p + 2, p + 3, p + 4, p + 5, p + 6, p + 7);
    if (is(word, "head") && floats >= 7) {
        world.head.pose = (XrPosef){{p[3], p[4], p[5], p[6]}, {p[0], p[1], p[2]}};
        world.head.since_ns = world.now_ns;
    } else if (is(word, "head_velocity") && floats >= 4) {
        world.head.velocity = (XrVector3f){p[0], p[1], p[2]};
        world.head.yaw_rate = p[3];
        world.head.since_ns = world.now_ns;
    } else if (is(word, "head_flags") && numbers) world.head.flags = (uint64_t)a;
    else if (is(word, "eyes") && floats >= 2) world.ipd_m = p[0], world.cant_rad = p[1];
    else if (is(word, "fov") && floats >= 5) world.fov[a & 1] = (XrFovf){p[1], p[2], p[3], p[4]};
    else if (is(word, "size") && numbers == 2) world.width = a, world.height = b;
    else if (is(word, "skip") && numbers) world.skipped_periods = a;
    else if (is(word, "paced") && numbers) world.paced = a;
    else if (is(word, "watch") && numbers) world.watched = a;
    else if (is(word, "arrays") && numbers) world.has_arrays = a;
    else if (is(word, "system") && numbers) world.has_system = a;
    else if (is(word, "opengl") && numbers) world.has_opengl = a;
    else if (is(word, "has_hands") && numbers) world.has_hands = a;
    else if (is(word, "has_eye_gaze") && numbers) world.has_eye_gaze = a;
    else if (is(word, "has_presence") && numbers) world.has_presence = a;
    else if (is(word, "gaze") && floats >= 5) world.gaze_active = a, world.gaze = (XrQuaternionf){p[1], p[2], p[3], p[4]};
    else if (is(word, "blend") && numbers) {
        world.blend_mode_count = sscanf(rest, "%d %d %d", world.blend_modes, world.blend_modes + 1, world.blend_modes + 2);
    } else if (is(word, "rate") && floats) {
        Session *session = only_session();
        if (session) event_rate(session, world.rate, p[0]);
        world.rate = p[0];
        world.period_ns = (int)((double)NS_PER_S / (double)p[0]);
    } else return is(word, "recentre") && command_recentre(rest);
    return true;
}

static bool command_hand(const char *word, const char *rest) {
    char side[16] = "", text[PATH_CHARS] = "";
    float p[7] = {0.0f};
    int used = 0;
    if (is(word, "input")) {
        if (sscanf(rest, "%255s %f %f", text, p, p + 1) < 2) return false;
        input_set(text, p[0], p[1]);
        return true;
    }
    if (sscanf(rest, "%15s %n", side, &used) < 1 || (!is(side, "left") && !is(side, "right"))) return false;
    Hand *hand = &world.hands[is(side, "left") ? 0 : 1];
    rest += used;
    int floats = sscanf(rest, "%f %f %f %f %f %f %f", p, p + 1, p + 2, p + 3, p + 4, p + 5, p + 6);
    XrPosef pose = {{p[3], p[4], p[5], p[6]}, {p[0], p[1], p[2]}};
    if (is(word, "profile")) snprintf(hand->profile, PATH_CHARS, "%s", rest);
    else if (is(word, "controller") && floats) hand->active = p[0] != 0.0f;
    else if (is(word, "tracked") && floats) hand->is_tracked = p[0] != 0.0f;
    else if (is(word, "grip") && floats == 7) hand->grip = pose;
    else if (is(word, "aim") && floats == 7) hand->aim = pose;
    else if (is(word, "joints") && floats) hand->joints_active = p[0] != 0.0f;
    else if (is(word, "curl") && floats) {
        hand->curl = p[0];
        joints_rest(hand);
    } else return false;
    return true;
}

static bool command_fail(const char *rest) {
    char name[64] = "", result[64] = "", sticky[16] = "";
    long long nth = 1;
    if (sscanf(rest, "%63s %lld %63s %15s", name, &nth, result, sticky) < 3) return false;
    for (int i = 0; i <= FUNCTION_COUNT; i++) {
        if (strcmp(name, i < FUNCTION_COUNT ? function_names[i] : "*")) continue;
        failing[i].after = nth;
        failing[i].result = result_of_name(result);
        failing[i].sticky = is(sticky, "always");
        return failing[i].result != 0;
    }
    return false;
}

EXPORT int acclimate_test_command(const char *line) {
    char word[32] = "";
    int used = 0, frame = 0;
    if (sscanf(line, "%31s %n", word, &used) < 1 || word[0] == '#') return 1;
    const char *rest = line + used;
    if (is(word, "at") || is(word, "in")) {
        if (sscanf(rest, "%d %n", &frame, &used) < 1 || later_count == MAX_LATER) return 0;
        later[later_count].frame = is(word, "in") ? frames_waited + frame : frame;
        snprintf(later[later_count++].line, LINE, "%s", rest + used);
        return 1;
    }
    log_line("command", line);
    char name[64] = "";
    int offered = 0;
    if (is(word, "fail")) return command_fail(rest);
    if (is(word, "offer")) return sscanf(rest, "%63s %d", name, &offered) == 2 && acclimate_test_offer(name, offered);
    return command_session(word, rest) || command_world(word, rest) || command_hand(word, rest);
}

static void read_script(void) {
    char line[LINE];
    if (!opened) {
        opened = true;
        const char *name = getenv("ACCLIMATE_XR_LOG");
        if (name) log_file = fopen(name, "a");
        name = getenv("ACCLIMATE_XR_SCRIPT");
        if (name) script = fopen(name, "r");
    }
    if (!script) return;
    for (long start = ftell(script); fgets(line, LINE, script); start = ftell(script)) {
        char *end = strchr(line, '\n');
        if (!end) { /* not yet written to its end */
            fseek(script, start, SEEK_SET);
            break;
        }
        *end = '\0';
        if (!acclimate_test_command(line)) misuse("a command that is none: %s", line);
    }
    clearerr(script);
}

void run_due_commands(bool is_new_frame) {
    read_script();
    if (!is_new_frame) return;
    for (int i = 0; i < later_count;) {
        if (later[i].frame > frames_waited) {
            i++;
            continue;
        }
        char line[LINE];
        memcpy(line, later[i].line, LINE);
        memmove(&later[i], &later[i + 1], sizeof *later * (size_t)(--later_count - i));
        if (!acclimate_test_command(line)) misuse("a command that is none: %s", line);
    }
}

static void hands_reset(void) {
    for (int i = 0; i < HANDS; i++) {
        Hand *hand = &world.hands[i];
        float side = i == 0 ? -1.0f : 1.0f;
        *hand = (Hand){.active = true, .is_tracked = true};
        snprintf(hand->profile, PATH_CHARS, "/interaction_profiles/khr/simple_controller");
        hand->grip = hand->aim = pose_turned(side * 0.2f, 1.1f, -0.3f, 0.0f);
        joints_rest(hand);
    }
}

/* Everything as it is at first; handles that are alive stay. */
void world_reset(void) {
    world = (World){.period_ns = (int)(NS_PER_S / 90), .now_ns = NS_PER_S, .has_system = true, .has_opengl = true,
                    .has_arrays = true, .has_eye_gaze = true, .has_hands = true, .has_presence = true,
                    .width = 64, .height = 72, .ipd_m = 0.063f, .target_state = XR_SESSION_STATE_FOCUSED,
                    .present = true, .blend_modes = {XR_ENVIRONMENT_BLEND_MODE_OPAQUE}, .blend_mode_count = 1,
                    .rates = {72.0f, 90.0f, 120.0f}, .rate = 90.0f};
    world.fov[0] = (XrFovf){-0.90f, 0.72f, 0.78f, -0.85f};
    world.fov[1] = (XrFovf){-0.72f, 0.90f, 0.78f, -0.85f};
    world.head = (Moving){pose_turned(0.0f, 1.6f, 0.0f, 0.0f), {0.0f, 0.0f, 0.0f}, 0.0f, world.now_ns, 15};
    world.gaze = pose_identity.orientation;
    world.origin = world.next_origin = pose_turned(0.0f, 1.6f, 0.0f, 0.0f);
    hands_reset();
    inputs_clear();
    record_clear();
    acclimate_test_offer("*", 1);
    memset(failing, 0, sizeof failing);
    memset(calls, 0, sizeof calls);
    failed_frame = -9;
    all_calls = misuse_count = later_count = frames_waited = 0;
}

__attribute__((constructor)) static void loaded(void) {
    /* The loader lets go of a runtime with each instance; the script goes on through all of them. */
    Dl_info self;
    if (dladdr((void *)&loaded, &self)) dlopen(self.dli_fname, RTLD_NOW | RTLD_NODELETE);
    world_reset();
}

__attribute__((destructor)) static void ended(void) {
    char text[LINE];
    snprintf(text, LINE, "alive %d misuses %d", handles_alive(-1), misuse_count);
    log_line("end", text);
}

EXPORT void acclimate_test_heal(void) { memset(failing, 0, sizeof failing); }

EXPORT void acclimate_test_reset(void) { world_reset(); }

EXPORT int acclimate_test_alive(int kind) { return handles_alive(kind); }

EXPORT int acclimate_test_misuses(void) { return misuse_count; }

EXPORT void acclimate_test_forgive(void) { misuse_count = 0; }

EXPORT const char *acclimate_test_misuse(int which) { return misuses[which % MISUSES]; }

EXPORT int64_t acclimate_test_calls(const char *name) {
    for (int i = 0; i < FUNCTION_COUNT; i++)
        if (!strcmp(name, function_names[i])) return calls[i];
    return is(name, "*") ? all_calls : -1;
}

EXPORT int acclimate_test_frames(void) { return frames_waited; }

EXPORT int64_t acclimate_test_now(void) { return world.now_ns; }

EXPORT int acclimate_test_state(void) {
    Session *session = only_session();
    return session ? session->state : -1;
}

EXPORT int acclimate_test_haptics(int hand, float *seconds, float *amplitude) {
    *seconds = world.hands[hand].haptic_s;
    *amplitude = world.hands[hand].haptic_amplitude;
    return world.hands[hand].haptics;
}
