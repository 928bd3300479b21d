#include "frame.glsl"
in vec2 place;
out vec4 colour;
#include "noise.glsl"
#include "sky.glsl"
#include "clouds.glsl"
void main() {
    vec3 way = normalize((ray_from_clip * vec4(place, 1.0, 1.0)).xyz);
    vec3 light = sky_with_clouds(way);
    float towards = dot(way, sun_direction.xyz);
    float disc = smoothstep(0.99995, 0.99998, towards);
    float glow = pow(max(towards, 0.0), 900.0) * 0.35 + pow(max(towards, 0.0), 120.0) * 0.05;
    float cover = cloud_density(way.xz / (max(way.y, 0.0) + 0.055) * 0.55 + vec2(0.004, 0.0017) * eye.w * (0.35 + air.z));
    light += sun_irradiance.rgb * (disc * 14.0 + glow) * (1.0 - 0.85 * cover) * step(0.0, way.y);
    colour = vec4(light, 1.0);
}
