int body_of_instance() { return gl_InstanceID; }
#include "places.glsl"
uniform mat4 light_from_world;
in vec3 in_position;
#ifdef TEXTURED
#include "material.glsl"
in vec2 in_uv;
in vec4 in_color;
out vec2 uv;
out float faintness;
#endif
void main() {
    int surface;
    mat4 transform = place_of_instance(surface);
    gl_Position = light_from_world * transform * vec4(in_position, 1.0);
#ifdef TEXTURED
    set_surface(surface);
    vec3 from = vec3(in_uv, 1.0);
    uv = vec2(dot(uv_right.xyz, from), dot(uv_down.xyz, from));
    faintness = in_color.a;
#endif
}
