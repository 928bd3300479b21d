/* Which inputs each interaction profile has, after section 6.4 of the OpenXR 1.0 specification and the extensions.
 * A path stands without its hand; L: the left hand alone has it, R: the right hand alone. */
#include "runtime.h"

#define POSES "grip/pose aim/pose "
#define STICK "thumbstick thumbstick/x thumbstick/y thumbstick/click thumbstick/touch "
#define PAD "trackpad trackpad/x trackpad/y trackpad/touch "
#define LETTERS "L:x/click L:x/touch L:y/click L:y/touch R:a/click R:a/touch R:b/click R:b/touch "

typedef struct {
    const char *name;
    const char *extension;
    const char *inputs;
    bool haptic;
} Profile;

static const Profile profiles[] = {
    {"/interaction_profiles/khr/simple_controller", NULL, POSES "select/click menu/click ", true},
    {"/interaction_profiles/oculus/touch_controller", NULL,
     POSES STICK LETTERS "L:menu/click R:system/click squeeze/value trigger/value trigger/touch thumbrest/touch ", true},
    {"/interaction_profiles/valve/index_controller", NULL,
     POSES STICK PAD "trackpad/force system/click system/touch a/click a/touch b/click b/touch squeeze/value squeeze/force "
                     "trigger/click trigger/value trigger/touch ", true},
    {"/interaction_profiles/htc/vive_controller", NULL,
     POSES PAD "trackpad/click system/click squeeze/click menu/click trigger/click trigger/value ", true},
    {"/interaction_profiles/microsoft/motion_controller", NULL,
     POSES PAD "trackpad/click thumbstick thumbstick/x thumbstick/y thumbstick/click menu/click squeeze/click "
               "trigger/value ", true},
    {"/interaction_profiles/bytedance/pico_neo3_controller", "XR_BD_controller_interaction",
     POSES STICK LETTERS "menu/click system/click trigger/click trigger/value trigger/touch squeeze/click squeeze/value ",
     true},
    {"/interaction_profiles/bytedance/pico4_controller", "XR_BD_controller_interaction",
     POSES STICK LETTERS "L:menu/click system/click trigger/click trigger/value trigger/touch squeeze/click "
                         "squeeze/value ", true},
    {"/interaction_profiles/ext/hand_interaction_ext", "XR_EXT_hand_interaction",
     POSES "pinch_ext/pose poke_ext/pose pinch_ext/value pinch_ext/ready_ext aim_activate_ext/value "
           "aim_activate_ext/ready_ext grasp_ext/value grasp_ext/ready_ext ", false},
};

static const char *const eyes = "/interaction_profiles/ext/eye_gaze_interaction";

static const Profile *profile_named(const char *name) {
    for (size_t i = 0; i < sizeof profiles / sizeof *profiles; i++)
        if (!strcmp(profiles[i].name, name)) return &profiles[i];
    return NULL;
}

const char *profile_extension(const char *name) {
    if (!strcmp(name, eyes)) return "XR_EXT_eye_gaze_interaction";
    const Profile *profile = profile_named(name);
    return profile ? profile->extension : "unknown";
}

static bool listed(const char *inputs, const char *input, char hand) {
    size_t length = strlen(input);
    for (const char *at = inputs; *at; at += strcspn(at, " ") + 1) {
        if (at[1] == ':' && at[0] != hand) continue;
        const char *name = at[1] == ':' ? at + 2 : at;
        size_t size = strcspn(name, " ");
        if (size == length && !strncmp(name, input, size)) return true;
        /* A binding may name the input alone: the runtime then takes its value or its click. */
        bool whole = size > length && !strncmp(name, input, length) && name[length] == '/' && !strchr(input, '/');
        if (whole && strncmp(name + length, "/touch", 6)) return true;
    }
    return false;
}

int binding_allowed(const char *name, const char *path) {
    if (!strcmp(name, eyes)) return !strcmp(path, "/user/eyes_ext/input/gaze_ext/pose");
    const Profile *profile = profile_named(name);
    if (!profile) return 0;
    bool left = !strncmp(path, "/user/hand/left/", 16), right = !strncmp(path, "/user/hand/right/", 17);
    if (!left && !right) return 0;
    const char *rest = path + (left ? 16 : 17);
    if (!strcmp(rest, "output/haptic")) return profile->haptic;
    return !strncmp(rest, "input/", 6) && listed(profile->inputs, rest + 6, left ? 'L' : 'R');
}
