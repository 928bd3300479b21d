// Both eyes are drawn at once into the halves of one picture: every second instance is the right eye's.
out float gl_ClipDistance[1];
int eye_index() { return views.x > 1.5 ? gl_InstanceID & 1 : 0; }
// Which of the bodies or places this instance is.
int body_of_instance() { return views.x > 1.5 ? gl_InstanceID >> 1 : gl_InstanceID; }
// Puts a vertex where its eye sees it, and cuts off what would reach into the other eye's half.
void see(vec4 world) {
    int index = eye_index();
    vec4 clip = (index == 0 ? clip_from_world[0] : clip_from_world[1]) * world;
    gl_ClipDistance[0] = 1.0;
    if (views.x > 1.5) {
        float side = index == 0 ? -1.0 : 1.0;
        gl_ClipDistance[0] = clip.w + side * clip.x;
        clip.x = 0.5 * (clip.x + side * clip.w);
    }
    gl_Position = clip;
}
