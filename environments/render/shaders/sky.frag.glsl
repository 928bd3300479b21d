// The sky as one eye sees it, or two side by side.
#include "frame.glsl"
in vec2 place;
out vec4 colour;
uniform float skies;
#include "noise.glsl"
#include "sky.glsl"
#include "clouds.glsl"
#include "northern.glsl"
void main() {
    int half_of = skies > 1.5 && place.x > 0.0 ? 1 : 0;
    vec2 at = skies > 1.5 ? vec2(2.0 * place.x + 1.0 - 2.0 * float(half_of), place.y) : place;
    vec3 way = normalize((ray_from_clip[half_of] * vec4(at, 1.0, 1.0)).xyz);
    vec4 sky = sky_with_clouds(way);
    float towards = max(dot(way, sun_direction.xyz), 0.0);
    float disc = smoothstep(0.99995, 0.99998, towards);
    float glow = pow(towards, 900.0) * 0.35 + pow(towards, 120.0) * 0.05;
    vec3 light = sky.rgb + sun_irradiance.rgb * (disc * 14.0 + glow) * (1.0 - sky.a) * step(0.0, way.y);
    if (views.w > 0.0) light += night_sky(way, views.w) * (1.0 - sky.a);
    colour = vec4(light, 1.0);
}
