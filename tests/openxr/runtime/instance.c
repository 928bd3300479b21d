/* Negotiation with the loader, the instance, its system, its paths. */
#include "runtime.h"

typedef struct {
    uint32_t struct_type, struct_version;
    size_t struct_size;
    uint32_t min_interface_version, max_interface_version;
    uint64_t min_api_version, max_api_version;
} LoaderInfo;

typedef struct {
    uint32_t struct_type, struct_version;
    size_t struct_size;
    uint32_t runtime_interface_version;
    uint64_t runtime_api_version;
    XrResult (*get_instance_proc_addr)(XrInstance, const char *, XrFunction *);
} RuntimeRequest;

enum { LOADER_INFO = 1, RUNTIME_REQUEST = 3 };

#define VERSION(major, minor, patch) (((uint64_t)(major) << 48) | ((uint64_t)(minor) << 32) | (patch))
#define SYSTEM_ID 7
#define MAX_PATHS 1024

typedef struct {
    const char *name;
    uint32_t version;
    bool offered, enabled;
} Extension;

static Extension extensions[] = {
    {"XR_KHR_opengl_enable", 10, true, false},          {"XR_MNDX_egl_enable", 2, true, false},
    {"XR_EXT_hand_tracking", 4, true, false},           {"XR_EXT_hand_interaction", 2, true, false},
    {"XR_EXT_eye_gaze_interaction", 2, true, false},    {"XR_FB_display_refresh_rate", 1, true, false},
    {"XR_KHR_visibility_mask", 2, true, false},         {"XR_EXT_user_presence", 1, true, false},
    {"XR_EXT_local_floor", 1, true, false},             {"XR_KHR_composition_layer_depth", 6, true, false},
    {"XR_BD_controller_interaction", 2, true, false},   {"XR_EXT_palm_pose", 3, true, false},
};
#define EXTENSIONS (int)(sizeof extensions / sizeof *extensions)

static char paths[MAX_PATHS][PATH_CHARS];
static uint64_t path_count;

bool extension_enabled(const char *name) {
    for (int i = 0; i < EXTENSIONS; i++)
        if (!strcmp(extensions[i].name, name)) return extensions[i].enabled;
    return false;
}

EXPORT int acclimate_test_offer(const char *name, int offered) {
    for (int i = 0; i < EXTENSIONS; i++) {
        if (strcmp(name, "*") && strcmp(extensions[i].name, name)) continue;
        extensions[i].offered = offered;
        if (strcmp(name, "*")) return 1;
    }
    return !strcmp(name, "*");
}

uint64_t path_of(const char *text) {
    for (uint64_t i = 0; i < path_count; i++)
        if (!strcmp(paths[i], text)) return i + 1;
    if (path_count == MAX_PATHS) return 0;
    snprintf(paths[path_count], PATH_CHARS, "%s", text);
    return ++path_count;
}

const char *path_text(uint64_t path) { return path && path <= path_count ? paths[path - 1] : ""; }

XrResult xrEnumerateInstanceExtensionProperties(const char *layer, uint32_t capacity, uint32_t *count,
                                                XrExtensionProperties *properties) {
    ENTER(EnumerateInstanceExtensionProperties);
    (void)layer;
    int offered = 0;
    for (int i = 0; i < EXTENSIONS; i++) offered += extensions[i].offered;
    LIST(capacity, count, offered);
    for (int i = 0, at = 0; i < EXTENSIONS; i++) {
        if (!extensions[i].offered) continue;
        snprintf(properties[at].extension_name, sizeof properties[at].extension_name, "%s", extensions[i].name);
        properties[at++].extension_version = extensions[i].version;
    }
    return XR_SUCCESS;
}

XrResult xrCreateInstance(const XrInstanceCreateInfo *info, XrInstance *made) {
    ENTER(CreateInstance);
    NEED_TYPE(info, XR_TYPE_INSTANCE_CREATE_INFO);
    uint64_t asked = info->application_info.api_version;
    if (asked >> 48 != 1 || ((asked >> 32) & 0xffff) > 1) return XR_ERROR_API_VERSION_UNSUPPORTED;
    for (int i = 0; i < EXTENSIONS; i++) extensions[i].enabled = false;
    for (uint32_t n = 0; n < info->enabled_extension_count; n++) {
        int found = -1;
        for (int i = 0; i < EXTENSIONS; i++)
            if (extensions[i].offered && !strcmp(extensions[i].name, info->enabled_extension_names[n])) found = i;
        if (found < 0) return XR_ERROR_EXTENSION_NOT_PRESENT;
        extensions[found].enabled = true;
    }
    if (handles_alive(INSTANCE)) return XR_ERROR_LIMIT_REACHED;
    Instance *instance = handle_new(INSTANCE, sizeof *instance, NULL);
    instance->api_version = asked;
    events_clear();
    bindings_clear();
    world.instance_lost = false;
    *made = (XrInstance)instance;
    return XR_SUCCESS;
}

XrResult xrDestroyInstance(XrInstance handle) {
    ENTER(DestroyInstance);
    NEED(handle, INSTANCE);
    handle_free(handle);
    world.instance_lost = false;
    return XR_SUCCESS;
}

XrResult xrGetInstanceProperties(XrInstance handle, XrInstanceProperties *properties) {
    ENTER(GetInstanceProperties);
    NEED(handle, INSTANCE);
    NEED_TYPE(properties, XR_TYPE_INSTANCE_PROPERTIES);
    properties->runtime_version = VERSION(0, 1, 0);
    snprintf(properties->runtime_name, sizeof properties->runtime_name, "Acclimate test runtime");
    return XR_SUCCESS;
}

XrResult xrGetSystem(XrInstance handle, const XrSystemGetInfo *info, uint64_t *system) {
    ENTER(GetSystem);
    NEED(handle, INSTANCE);
    NEED_TYPE(info, XR_TYPE_SYSTEM_GET_INFO);
    if (info->form_factor != XR_FORM_FACTOR_HEAD_MOUNTED_DISPLAY) return XR_ERROR_FORM_FACTOR_UNSUPPORTED;
    if (!world.has_system) return XR_ERROR_FORM_FACTOR_UNAVAILABLE;
    *system = SYSTEM_ID;
    return XR_SUCCESS;
}

XrResult xrGetSystemProperties(XrInstance handle, uint64_t system, XrSystemProperties *properties) {
    ENTER(GetSystemProperties);
    NEED(handle, INSTANCE);
    NEED_TYPE(properties, XR_TYPE_SYSTEM_PROPERTIES);
    if (system != SYSTEM_ID) return XR_ERROR_SYSTEM_INVALID;
    properties->system_id = SYSTEM_ID;
    properties->vendor_id = 0xACC1;
    snprintf(properties->system_name, sizeof properties->system_name, "Acclimate test headset");
    properties->graphics_properties = (XrSystemGraphicsProperties){4096, 4096, 16};
    properties->tracking_properties = (XrSystemTrackingProperties){1, 1};
    XrSystemHandTrackingPropertiesEXT *hands =
        chained(properties->next, XR_TYPE_SYSTEM_HAND_TRACKING_PROPERTIES_EXT);
    if (hands) hands->supports_hand_tracking = world.has_hands;
    XrSystemEyeGazeInteractionPropertiesEXT *gaze =
        chained(properties->next, XR_TYPE_SYSTEM_EYE_GAZE_INTERACTION_PROPERTIES_EXT);
    if (gaze) gaze->supports_eye_gaze_interaction = world.has_eye_gaze;
    XrSystemUserPresencePropertiesEXT *presence =
        chained(properties->next, XR_TYPE_SYSTEM_USER_PRESENCE_PROPERTIES_EXT);
    if (presence) presence->supports_user_presence = world.has_presence;
    return XR_SUCCESS;
}

XrResult xrResultToString(XrInstance handle, XrResult result, char text[64]) {
    ENTER(ResultToString);
    NEED(handle, INSTANCE);
    snprintf(text, 64, "XR_%s_%d", result < 0 ? "UNKNOWN_FAILURE" : "UNKNOWN_SUCCESS", result);
    return XR_SUCCESS;
}

XrResult xrStructureTypeToString(XrInstance handle, int32_t type, char text[64]) {
    ENTER(StructureTypeToString);
    NEED(handle, INSTANCE);
    snprintf(text, 64, "XR_UNKNOWN_STRUCTURE_TYPE_%d", type);
    return XR_SUCCESS;
}

XrResult xrStringToPath(XrInstance handle, const char *text, uint64_t *path) {
    ENTER(StringToPath);
    NEED(handle, INSTANCE);
    if (text[0] != '/' || strlen(text) >= PATH_CHARS || strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-_./") != strlen(text))
        return XR_ERROR_PATH_FORMAT_INVALID;
    *path = path_of(text);
    return *path ? XR_SUCCESS : XR_ERROR_PATH_COUNT_EXCEEDED;
}

XrResult xrPathToString(XrInstance handle, uint64_t path, uint32_t capacity, uint32_t *count, char *text) {
    ENTER(PathToString);
    NEED(handle, INSTANCE);
    if (!path || path > path_count) return XR_ERROR_PATH_INVALID;
    LIST(capacity, count, strlen(path_text(path)) + 1);
    strcpy(text, path_text(path));
    return XR_SUCCESS;
}

XrResult xrGetOpenGLGraphicsRequirementsKHR(XrInstance handle, uint64_t system,
                                            XrGraphicsRequirementsOpenGLKHR *requirements) {
    ENTER(GetOpenGLGraphicsRequirementsKHR);
    NEED(handle, INSTANCE);
    NEED_TYPE(requirements, XR_TYPE_GRAPHICS_REQUIREMENTS_OPENGL_KHR);
    if (system != SYSTEM_ID) return XR_ERROR_SYSTEM_INVALID;
    if (!extension_enabled("XR_KHR_opengl_enable")) return XR_ERROR_FUNCTION_UNSUPPORTED;
    requirements->min_api_version_supported = VERSION(3, 3, 0);
    requirements->max_api_version_supported = VERSION(4, 6, 0);
    ((Instance *)handle)->requirements_asked = true;
    return XR_SUCCESS;
}

static XrResult get_proc(XrInstance handle, const char *name, XrFunction *function) {
    *function = NULL;
    bool early = !strcmp(name, "xrEnumerateInstanceExtensionProperties") || !strcmp(name, "xrCreateInstance");
    if (!handle && !early) return XR_ERROR_HANDLE_INVALID;
    if (handle && !handle_is(handle, INSTANCE)) return XR_ERROR_HANDLE_INVALID;
    *function = !strcmp(name, "xrGetInstanceProcAddr") ? (XrFunction)get_proc : function_of(name);
    return *function ? XR_SUCCESS : XR_ERROR_FUNCTION_UNSUPPORTED;
}

EXPORT XrResult xrNegotiateLoaderRuntimeInterface(const LoaderInfo *info, RuntimeRequest *request) {
    if (!info || info->struct_type != LOADER_INFO || info->struct_size != sizeof *info) return XR_ERROR_INITIALIZATION_FAILED;
    if (!request || request->struct_type != RUNTIME_REQUEST || request->struct_size != sizeof *request)
        return XR_ERROR_INITIALIZATION_FAILED;
    if (info->min_interface_version > 1 || info->max_interface_version < 1) return XR_ERROR_INITIALIZATION_FAILED;
    run_due_commands(false);
    request->runtime_interface_version = 1;
    request->runtime_api_version = VERSION(1, 1, 0);
    request->get_instance_proc_addr = get_proc;
    return XR_SUCCESS;
}
