// What the lenses of a headset hide, in the half of its eye, before everything else.
#include "frame.glsl"
in vec3 in_place;  // place in the eye's picture, and which eye
out float gl_ClipDistance[1];
void main() {
    float side = views.x > 1.5 ? (in_place.z < 0.5 ? -1.0 : 1.0) : 0.0;
    gl_ClipDistance[0] = side == 0.0 ? 1.0 : 1.0 + side * in_place.x;
    float x = side == 0.0 ? in_place.x : 0.5 * (in_place.x + side);
    gl_Position = vec4(x, in_place.y, -1.0, 1.0);
}
