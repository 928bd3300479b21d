/* Poses, spaces and the joints of hands.  The world is the stage: y up, its floor at y = 0. */
#include "runtime.h"

const XrPosef pose_identity = {{0.0f, 0.0f, 0.0f, 1.0f}, {0.0f, 0.0f, 0.0f}};

static XrQuaternionf product(XrQuaternionf a, XrQuaternionf b) {
    XrQuaternionf q;
    q.x = a.w * b.x + a.x * b.w + a.y * b.z - a.z * b.y;
    q.y = a.w * b.y - a.x * b.z + a.y * b.w + a.z * b.x;
    q.z = a.w * b.z + a.x * b.y - a.y * b.x + a.z * b.w;
    q.w = a.w * b.w - a.x * b.x - a.y * b.y - a.z * b.z;
    return q;
}

static XrQuaternionf conjugate(XrQuaternionf q) { return (XrQuaternionf){-q.x, -q.y, -q.z, q.w}; }

XrVector3f rotated(XrQuaternionf q, XrVector3f v) {
    XrQuaternionf r = product(product(q, (XrQuaternionf){v.x, v.y, v.z, 0.0f}), conjugate(q));
    return (XrVector3f){r.x, r.y, r.z};
}

XrPosef pose_of(XrPosef base, XrPosef inner) {
    XrVector3f p = rotated(base.orientation, inner.position);
    XrPosef made = {product(base.orientation, inner.orientation),
                    {base.position.x + p.x, base.position.y + p.y, base.position.z + p.z}};
    return made;
}

XrPosef pose_inverse(XrPosef pose) {
    XrQuaternionf back = conjugate(pose.orientation);
    XrVector3f p = rotated(back, pose.position);
    return (XrPosef){back, {-p.x, -p.y, -p.z}};
}

XrPosef pose_turned(float x, float y, float z, float yaw_rad) {
    return (XrPosef){{0.0f, sinf(yaw_rad / 2.0f), 0.0f, cosf(yaw_rad / 2.0f)}, {x, y, z}};
}

XrPosef head_at(int64_t time_ns) {
    float passed_s = (float)((double)(time_ns - world.head.since_ns) / (double)NS_PER_S);
    XrPosef pose = world.head.pose;
    pose.position.x += world.head.velocity.x * passed_s;
    pose.position.y += world.head.velocity.y * passed_s;
    pose.position.z += world.head.velocity.z * passed_s;
    XrPosef turn = pose_turned(0.0f, 0.0f, 0.0f, world.head.yaw_rate * passed_s);
    pose.orientation = product(turn.orientation, pose.orientation);
    return pose;
}

uint64_t space_in_world(const Space *space, int64_t time_ns, XrPosef *pose) {
    uint64_t flags = 15;
    XrPosef origin = time_ns >= world.origin_change_ns ? world.next_origin : world.origin;
    XrPosef base = pose_identity;
    if (space->reference == 0) flags = pose_in_world(space->action, space->subaction, time_ns, &base);
    if (space->reference == XR_REFERENCE_SPACE_TYPE_LOCAL) base = origin;
    if (space->reference == XR_REFERENCE_SPACE_TYPE_LOCAL_FLOOR) {
        base = origin;
        base.position.y = world.floor_m;
    }
    if (space->reference == XR_REFERENCE_SPACE_TYPE_STAGE) base.position.y = world.floor_m;
    if (space->reference == XR_REFERENCE_SPACE_TYPE_VIEW) {
        base = head_at(time_ns);
        flags = world.head.flags;
    }
    *pose = pose_of(base, space->offset);
    return flags;
}

/* A hand at rest, relative to the grip: palm, wrist, then finger by finger from the knuckles' side to the tip.
 * `curl` bends the fingers by up to 70 degrees a joint about x. */
void joints_rest(Hand *hand) {
    static const float across[5] = {-0.035f, -0.025f, -0.005f, 0.015f, 0.032f};
    float side = hand == &world.hands[0] ? -1.0f : 1.0f;
    hand->joints[XR_HAND_JOINT_EXT_PALM] = pose_identity;
    hand->joints[XR_HAND_JOINT_EXT_WRIST] = pose_turned(0.0f, 0.0f, 0.09f, 0.0f);
    int joint = XR_HAND_JOINT_EXT_THUMB_METACARPAL;
    for (int finger = 0; finger < 5; finger++) {
        int bones = finger == 0 ? 4 : 5;
        XrPosef at = pose_turned(across[finger] * side, 0.0f, finger == 0 ? 0.06f : 0.05f, 0.0f);
        float bend_rad = -hand->curl * 70.0f * 3.14159265f / 180.0f;
        for (int bone = 0; bone < bones; bone++) {
            hand->joints[joint++] = at;
            XrPosef step = pose_turned(0.0f, 0.0f, bone == 0 ? -0.06f : -0.032f, 0.0f);
            XrPosef bent = {{sinf(bend_rad / 2.0f), 0.0f, 0.0f, cosf(bend_rad / 2.0f)}, {0.0f, 0.0f, 0.0f}};
            at = pose_of(pose_of(at, step), bent);
        }
    }
}
