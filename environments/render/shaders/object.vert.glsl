#include "frame.glsl"
#include "eyes.glsl"
#define GOING
#include "places.glsl"
#include "material.glsl"
in vec3 in_position;
in vec3 in_normal;
#ifdef TEXTURED
in vec2 in_light_uv;
#else
const vec2 in_light_uv = vec2(0.0);
#endif
#include "handed.glsl"
#ifdef CORNERS
#include "corners.glsl"
#endif

void main() {
    int surface;
    mat4 transform = place_of_instance(surface);
    set_surface(surface);
    vec4 place = transform * vec4(in_position, 1.0);
    mat3 m = mat3(transform);
    normal = cross(m[1], m[2]) * in_normal.x + cross(m[2], m[0]) * in_normal.y + cross(m[0], m[1]) * in_normal.z;
    number = fract(dot(transform[3].xz, vec2(0.7351, 0.3917)));
    if (pattern.z > 0.0) {
        float part = clamp(in_position.y / max(pattern.w, 0.01), 0.0, 1.0);
        vec2 root = transform[3].xz;
        float gust = sin(dot(root, vec2(0.31, 0.17)) - eye.w * 0.9) + 0.5 * sin(dot(root, vec2(-0.7, 1.1)) - eye.w * 2.1);
        float flutter = 0.25 * sin(eye.w * 4.3 + number * 40.0);
        float bend = pattern.z * air.z * part * part * (0.55 + 0.45 * gust + flutter);
        place.xyz += vec3(0.86, -0.35 * abs(bend) / max(pattern.w, 0.1), 0.5) * bend;
    }
    world = place.xyz;
    set_uv(in_light_uv);
    see(place);
#ifdef CORNERS
    light_corner();
#endif
}
