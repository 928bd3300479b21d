/* Actions, their bindings and what the script presses. */
#include "runtime.h"

#define MAX_BINDINGS 512
#define MAX_INPUTS 128
#define PROFILES 16
enum { ALL, LEFT, RIGHT, EYES };

#define NEED_SESSION(handle)                                                                                         \
    NEED(handle, SESSION);                                                                                           \
    Session *session = (Session *)handle;                                                                            \
    if (session->lost) return XR_ERROR_SESSION_LOST

static const char *const users[] = {"", "/user/hand/left", "/user/hand/right", "/user/eyes_ext"};

typedef struct {
    char profile[PATH_CHARS];
    int count;
    struct {
        Action *action;
        char path[PATH_CHARS];
    } bindings[MAX_BINDINGS];
} Suggestion;

static Suggestion suggestions[PROFILES];
static int suggestion_count;
static struct {
    char path[PATH_CHARS];
    float x, y;
} inputs[MAX_INPUTS];
static int input_count;
static char told[2][PATH_CHARS];

void inputs_clear(void) { input_count = 0; }

void bindings_clear(void) {
    suggestion_count = 0;
    memset(told, 0, sizeof told);
}

void input_set(const char *path, float x, float y) {
    int at = 0;
    while (at < input_count && strcmp(inputs[at].path, path)) at++;
    if (at == MAX_INPUTS) return;
    if (at == input_count) snprintf(inputs[input_count++].path, PATH_CHARS, "%s", path);
    inputs[at].x = x;
    inputs[at].y = y;
}

static void input_at(const char *path, float *x, float *y) {
    static const char *const endings[] = {"", "/value", "/click"};
    char longer[PATH_CHARS + 8];
    for (int ending = 0; ending < 3; ending++) {
        snprintf(longer, sizeof longer, "%s%s", path, endings[ending]);
        for (int i = 0; i < input_count; i++) {
            if (strcmp(inputs[i].path, longer)) continue;
            if (fabsf(inputs[i].x) > fabsf(*x)) *x = inputs[i].x;
            if (fabsf(inputs[i].y) > fabsf(*y)) *y = inputs[i].y;
        }
    }
}

static int user_of(const char *path) {
    for (int user = LEFT; user <= EYES; user++)
        if (!strncmp(path, users[user], strlen(users[user]))) return user;
    return ALL;
}

static Suggestion *suggested(const char *profile) {
    for (int i = 0; i < suggestion_count; i++)
        if (!strcmp(suggestions[i].profile, profile)) return &suggestions[i];
    return NULL;
}

/* The suggestion in use for a user, or NULL where the device is off or no suggestion was made for it. */
static Suggestion *in_use(int user) {
    if (user == EYES) return world.has_eye_gaze ? suggested("/interaction_profiles/ext/eye_gaze_interaction") : NULL;
    const Hand *hand = &world.hands[user - LEFT];
    return hand->active ? suggested(hand->profile) : NULL;
}

XrResult xrCreateActionSet(XrInstance handle, const XrActionSetCreateInfo *info, XrActionSet *made) {
    ENTER(CreateActionSet);
    NEED(handle, INSTANCE);
    NEED_TYPE(info, XR_TYPE_ACTION_SET_CREATE_INFO);
    if (!info->action_set_name[0]) return XR_ERROR_NAME_INVALID;
    if (!info->localized_action_set_name[0]) return XR_ERROR_LOCALIZED_NAME_INVALID;
    ActionSet *set = handle_new(ACTION_SET, sizeof *set, handle);
    snprintf(set->name, sizeof set->name, "%s", info->action_set_name);
    *made = (XrActionSet)set;
    return XR_SUCCESS;
}

XrResult xrDestroyActionSet(XrActionSet handle) {
    ENTER(DestroyActionSet);
    NEED(handle, ACTION_SET);
    handle_free(handle);
    return XR_SUCCESS;
}

XrResult xrCreateAction(XrActionSet handle, const XrActionCreateInfo *info, XrAction *made) {
    ENTER(CreateAction);
    NEED(handle, ACTION_SET);
    NEED_TYPE(info, XR_TYPE_ACTION_CREATE_INFO);
    if (((ActionSet *)handle)->attached) REFUSE(XR_ERROR_ACTIONSETS_ALREADY_ATTACHED, "xrCreateAction after the attachment");
    if (!info->action_name[0]) return XR_ERROR_NAME_INVALID;
    if (!info->localized_action_name[0]) return XR_ERROR_LOCALIZED_NAME_INVALID;
    if (info->count_subaction_paths > 4) return XR_ERROR_PATH_COUNT_EXCEEDED;
    for (uint32_t i = 0; i < info->count_subaction_paths; i++) {
        const char *user = path_text(info->subaction_paths[i]);
        if (user_of(user) == ALL) REFUSE(XR_ERROR_PATH_UNSUPPORTED, "no such user path: %s", user);
    }
    Action *action = handle_new(ACTION, sizeof *action, handle);
    snprintf(action->name, sizeof action->name, "%s", info->action_name);
    action->type = info->action_type;
    action->subaction_count = info->count_subaction_paths;
    for (uint32_t i = 0; i < info->count_subaction_paths; i++) action->subactions[i] = info->subaction_paths[i];
    *made = (XrAction)action;
    return XR_SUCCESS;
}

XrResult xrDestroyAction(XrAction handle) {
    ENTER(DestroyAction);
    NEED(handle, ACTION);
    handle_free(handle);
    return XR_SUCCESS;
}

XrResult xrSuggestInteractionProfileBindings(XrInstance handle, const XrInteractionProfileSuggestedBinding *info) {
    ENTER(SuggestInteractionProfileBindings);
    NEED(handle, INSTANCE);
    NEED_TYPE(info, XR_TYPE_INTERACTION_PROFILE_SUGGESTED_BINDING);
    Session *session = only_session();
    if (session && session->attached) REFUSE(XR_ERROR_ACTIONSETS_ALREADY_ATTACHED, "bindings are suggested too late");
    const char *profile = path_text(info->interaction_profile);
    const char *extension = profile_extension(profile);
    if (extension && !extension_enabled(extension)) return XR_ERROR_PATH_UNSUPPORTED;
    if (!info->count_suggested_bindings) REFUSE(XR_ERROR_VALIDATION_FAILURE, "no bindings for %s", profile);
    if (info->count_suggested_bindings > MAX_BINDINGS) return XR_ERROR_OUT_OF_MEMORY;
    for (uint32_t i = 0; i < info->count_suggested_bindings; i++) {
        NEED(info->suggested_bindings[i].action, ACTION);
        const char *path = path_text(info->suggested_bindings[i].binding);
        if (!binding_allowed(profile, path)) REFUSE(XR_ERROR_PATH_UNSUPPORTED, "%s has no %s", profile, path);
    }
    Suggestion *made = suggested(profile);
    if (!made) made = &suggestions[suggestion_count++];
    snprintf(made->profile, PATH_CHARS, "%s", profile);
    made->count = (int)info->count_suggested_bindings;
    for (int i = 0; i < made->count; i++) {
        made->bindings[i].action = (Action *)info->suggested_bindings[i].action;
        snprintf(made->bindings[i].path, PATH_CHARS, "%s", path_text(info->suggested_bindings[i].binding));
    }
    return XR_SUCCESS;
}

XrResult xrAttachSessionActionSets(XrSession handle, const XrSessionActionSetsAttachInfo *info) {
    ENTER(AttachSessionActionSets);
    NEED_SESSION(handle);
    NEED_TYPE(info, XR_TYPE_SESSION_ACTION_SETS_ATTACH_INFO);
    if (session->attached) REFUSE(XR_ERROR_ACTIONSETS_ALREADY_ATTACHED, "action sets are attached twice");
    if (!info->count_action_sets) REFUSE(XR_ERROR_VALIDATION_FAILURE, "no action sets to attach");
    for (uint32_t i = 0; i < info->count_action_sets; i++) {
        NEED(info->action_sets[i], ACTION_SET);
        ((ActionSet *)info->action_sets[i])->attached = true;
    }
    session->attached = true;
    return XR_SUCCESS;
}

XrResult xrGetCurrentInteractionProfile(XrSession handle, uint64_t user, XrInteractionProfileState *state) {
    ENTER(GetCurrentInteractionProfile);
    NEED_SESSION(handle);
    NEED_TYPE(state, XR_TYPE_INTERACTION_PROFILE_STATE);
    if (!session->attached) REFUSE(XR_ERROR_ACTIONSET_NOT_ATTACHED, "no action set is attached");
    int index = user_of(path_text(user));
    if (index == ALL) return XR_ERROR_PATH_UNSUPPORTED;
    const Suggestion *used = in_use(index);
    state->interaction_profile = used ? path_of(used->profile) : 0;
    return XR_SUCCESS;
}

static void values_of(Action *action, int user, InputValue *value) {
    const Suggestion *used = in_use(user);
    for (int i = 0; used && i < used->count; i++) {
        const char *path = used->bindings[i].path;
        if (used->bindings[i].action != action || user_of(path) != user) continue;
        value->active = action->type != XR_ACTION_TYPE_POSE_INPUT || user != EYES || world.gaze_active;
        input_at(path, &value->x, &value->y);
    }
}

static void action_synced(Action *action, bool focused) {
    InputValue made[4] = {0};
    for (int user = LEFT; focused && user <= EYES; user++) {
        values_of(action, user, &made[user]);
        made[ALL].active |= made[user].active;
        if (fabsf(made[user].x) > fabsf(made[ALL].x)) made[ALL].x = made[user].x;
        if (fabsf(made[user].y) > fabsf(made[ALL].y)) made[ALL].y = made[user].y;
    }
    for (int user = ALL; user <= EYES; user++) {
        InputValue *old = &action->values[user];
        made[user].changed = made[user].active && old->active && (made[user].x != old->x || made[user].y != old->y);
        made[user].changed_ns = made[user].changed ? world.now_ns : old->changed_ns;
        *old = made[user];
    }
}

static void tell_profiles(Session *session) {
    bool changed = false;
    for (int hand = 0; hand < HANDS; hand++) {
        const Suggestion *used = in_use(LEFT + hand);
        const char *now = used ? used->profile : "";
        changed |= strcmp(now, told[hand]) != 0;
        snprintf(told[hand], PATH_CHARS, "%s", now);
    }
    if (changed) event_profile(session);
}



XrResult xrSyncActions(XrSession handle, const XrActionsSyncInfo *info) {
    ENTER(SyncActions);
    NEED_SESSION(handle);
    NEED_TYPE(info, XR_TYPE_ACTIONS_SYNC_INFO);
    for (uint32_t i = 0; i < info->count_active_action_sets; i++) {
        NEED(info->active_action_sets[i].action_set, ACTION_SET);
        if (!((ActionSet *)info->active_action_sets[i].action_set)->attached)
            REFUSE(XR_ERROR_ACTIONSET_NOT_ATTACHED, "xrSyncActions of a set that is not attached");
    }
    bool focused = session->state == XR_SESSION_STATE_FOCUSED;
    for (Handle *one = handles_first(); one; one = one->next)
        if (one->kind == ACTION) action_synced((Action *)one, focused);
    if (focused) tell_profiles(session);
    return focused ? XR_SUCCESS : XR_SESSION_NOT_FOCUSED;
}

static XrResult value_for(XrSession handle, const XrActionStateGetInfo *info, int type, InputValue *value) {
    NEED_SESSION(handle);
    NEED_TYPE(info, XR_TYPE_ACTION_STATE_GET_INFO);
    NEED(info->action, ACTION);
    const Action *action = (const Action *)info->action;
    if (action->type != type) REFUSE(XR_ERROR_ACTION_TYPE_MISMATCH, "the state of %s has another type", action->name);
    if (!((ActionSet *)action->handle.parent)->attached)
        REFUSE(XR_ERROR_ACTIONSET_NOT_ATTACHED, "the state of %s before its set is attached", action->name);
    bool known = info->subaction_path == 0;
    for (uint32_t i = 0; i < action->subaction_count; i++) known |= action->subactions[i] == info->subaction_path;
    if (!known) REFUSE(XR_ERROR_PATH_UNSUPPORTED, "%s was not made for %s", action->name, path_text(info->subaction_path));
    (void)session;
    *value = action->values[user_of(path_text(info->subaction_path))];
    return XR_SUCCESS;
}

XrResult xrGetActionStateBoolean(XrSession handle, const XrActionStateGetInfo *info, XrActionStateBoolean *state) {
    ENTER(GetActionStateBoolean);
    InputValue value;
    XrResult result = value_for(handle, info, XR_ACTION_TYPE_BOOLEAN_INPUT, &value);
    if (result < 0) return result;
    NEED_TYPE(state, XR_TYPE_ACTION_STATE_BOOLEAN);
    *state = (XrActionStateBoolean){state->type, state->next, value.x > 0.5f, value.changed, value.changed_ns, value.active};
    return XR_SUCCESS;
}

XrResult xrGetActionStateFloat(XrSession handle, const XrActionStateGetInfo *info, XrActionStateFloat *state) {
    ENTER(GetActionStateFloat);
    InputValue value;
    XrResult result = value_for(handle, info, XR_ACTION_TYPE_FLOAT_INPUT, &value);
    if (result < 0) return result;
    NEED_TYPE(state, XR_TYPE_ACTION_STATE_FLOAT);
    *state = (XrActionStateFloat){state->type, state->next, value.x, value.changed, value.changed_ns, value.active};
    return XR_SUCCESS;
}

XrResult xrGetActionStateVector2f(XrSession handle, const XrActionStateGetInfo *info, XrActionStateVector2f *state) {
    ENTER(GetActionStateVector2f);
    InputValue value;
    XrResult result = value_for(handle, info, XR_ACTION_TYPE_VECTOR2F_INPUT, &value);
    if (result < 0) return result;
    NEED_TYPE(state, XR_TYPE_ACTION_STATE_VECTOR2F);
    *state = (XrActionStateVector2f){state->type,   state->next,      {value.x, value.y},
                                     value.changed, value.changed_ns, value.active};
    return XR_SUCCESS;
}

XrResult xrGetActionStatePose(XrSession handle, const XrActionStateGetInfo *info, XrActionStatePose *state) {
    ENTER(GetActionStatePose);
    InputValue value;
    XrResult result = value_for(handle, info, XR_ACTION_TYPE_POSE_INPUT, &value);
    if (result < 0) return result;
    NEED_TYPE(state, XR_TYPE_ACTION_STATE_POSE);
    state->is_active = value.active;
    return XR_SUCCESS;
}

XrResult xrEnumerateBoundSourcesForAction(XrSession handle, const XrBoundSourcesForActionEnumerateInfo *info,
                                          uint32_t capacity, uint32_t *count, uint64_t *sources) {
    ENTER(EnumerateBoundSourcesForAction);
    NEED_SESSION(handle);
    NEED_TYPE(info, XR_TYPE_BOUND_SOURCES_FOR_ACTION_ENUMERATE_INFO);
    if (!session->attached) return XR_ERROR_ACTIONSET_NOT_ATTACHED;
    uint64_t found[MAX_BINDINGS];
    int total = 0;
    for (int user = LEFT; user <= EYES; user++) {
        const Suggestion *used = in_use(user);
        for (int i = 0; used && i < used->count; i++)
            if (used->bindings[i].action == (Action *)info->action && user_of(used->bindings[i].path) == user)
                found[total++] = path_of(used->bindings[i].path);
    }
    LIST(capacity, count, total);
    memcpy(sources, found, sizeof *found * (size_t)total);
    return XR_SUCCESS;
}

XrResult xrGetInputSourceLocalizedName(XrSession handle, const XrInputSourceLocalizedNameGetInfo *info,
                                       uint32_t capacity, uint32_t *count, char *text) {
    ENTER(GetInputSourceLocalizedName);
    NEED_SESSION(handle);
    (void)session;
    LIST(capacity, count, strlen(path_text(info->source_path)) + 1);
    strcpy(text, path_text(info->source_path));
    return XR_SUCCESS;
}

XrResult xrApplyHapticFeedback(XrSession handle, const XrHapticActionInfo *info, const XrHapticVibration *feedback) {
    ENTER(ApplyHapticFeedback);
    NEED_SESSION(handle);
    NEED_TYPE(info, XR_TYPE_HAPTIC_ACTION_INFO);
    NEED_TYPE(feedback, XR_TYPE_HAPTIC_VIBRATION);
    NEED(info->action, ACTION);
    if (((Action *)info->action)->type != XR_ACTION_TYPE_VIBRATION_OUTPUT)
        REFUSE(XR_ERROR_ACTION_TYPE_MISMATCH, "haptics through an action that is no output");
    if (session->state != XR_SESSION_STATE_FOCUSED) return XR_SESSION_NOT_FOCUSED;
    int asked = user_of(path_text(info->subaction_path));
    for (int user = LEFT; user <= RIGHT; user++) {
        if ((asked != ALL && asked != user) || !in_use(user)) continue;
        Hand *hand = &world.hands[user - LEFT];
        hand->haptics++;
        hand->haptic_s = (float)((double)feedback->duration / (double)NS_PER_S);
        hand->haptic_amplitude = feedback->amplitude;
    }
    return XR_SUCCESS;
}

XrResult xrStopHapticFeedback(XrSession handle, const XrHapticActionInfo *info) {
    ENTER(StopHapticFeedback);
    NEED_SESSION(handle);
    NEED_TYPE(info, XR_TYPE_HAPTIC_ACTION_INFO);
    return session->state == XR_SESSION_STATE_FOCUSED ? XR_SUCCESS : XR_SESSION_NOT_FOCUSED;
}

/* Where the pose of an action is: the path of its binding says which of the device's poses. */
uint64_t pose_in_world(const Action *action, uint64_t subaction, int64_t time_ns, XrPosef *pose) {
    int asked = user_of(path_text(subaction));
    *pose = pose_identity;
    Session *session = only_session();
    if (!session || session->state != XR_SESSION_STATE_FOCUSED) return 0;
    for (int user = LEFT; user <= EYES; user++) {
        const Suggestion *used = asked == ALL || asked == user ? in_use(user) : NULL;
        for (int i = 0; used && i < used->count; i++) {
            const char *path = used->bindings[i].path;
            if (used->bindings[i].action != action || user_of(path) != user) continue;
            if (user == EYES) {
                *pose = pose_of(head_at(time_ns), (XrPosef){world.gaze, {0.0f, 0.0f, 0.0f}});
                return world.gaze_active ? world.head.flags : 0;
            }
            const Hand *hand = &world.hands[user - LEFT];
            *pose = strstr(path, "/grip/") ? hand->grip : hand->aim;
            return hand->is_tracked ? 15 : 0;
        }
    }
    return 0;
}
