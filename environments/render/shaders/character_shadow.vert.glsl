uniform mat4 light_from_world;
int body_of_instance() { return gl_InstanceID; }
#include "character.glsl"
#ifdef TEXTURED
#include "material.glsl"
in vec2 in_uv;
in vec4 in_color;
out vec2 uv;
out float faintness;
#endif
void main() {
    vec4 place;
    vec3 normal;
    pose(place, normal);
    gl_Position = light_from_world * place;
#ifdef TEXTURED
    set_surface(the_part().z);
    vec3 from = vec3(in_uv, 1.0);
    uv = vec2(dot(uv_right.xyz, from), dot(uv_down.xyz, from));
    faintness = in_color.a;
#endif
}
