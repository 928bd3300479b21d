#include "frame.glsl"
#include "eyes.glsl"
in vec2 in_place;
out vec3 world;
flat out int which_eye;
void main() {
    world = vec3(in_place.x, sea.x, in_place.y);
    which_eye = eye_index();
    see(vec4(world, 1.0));
}
