#include "frame.glsl"
#include "eyes.glsl"
#include "material.glsl"
#include "character.glsl"
in vec2 in_uv;
#ifdef TEXTURED
in vec4 in_color;
out vec2 light_uv;
out vec4 vertex_color;
#endif
out vec3 world;
out vec3 normal;
out vec2 uv;
flat out float number;

void main() {
    vec4 place;
    pose(place, normal);
    set_surface(the_part().z);
    number = fract(float(the_part().w) * 0.618034);
    world = place.xyz;
    uv = in_uv;
#ifdef TEXTURED
    vec3 from = vec3(in_uv, 1.0);
    uv = vec2(dot(uv_right.xyz, from), dot(uv_down.xyz, from));
    light_uv = vec2(0.0);
    vertex_color = in_color;
#endif
    see(place);
}
