#include "frame.glsl"
#include "character.glsl"
in vec2 in_uv;
out vec3 world;
out vec3 normal;
out vec2 uv;
flat out float number;

void main() {
    vec4 place;
    pose(gl_InstanceID, place, normal);
    number = fract(float(gl_InstanceID) * 0.618034);
    world = place.xyz;
    uv = in_uv;
    gl_Position = clip_from_world * place;
}
