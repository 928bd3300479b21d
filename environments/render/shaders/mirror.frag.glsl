// The sky above as a disc: its middle is straight up, its rim the horizon.
#include "frame.glsl"
in vec2 place;
out vec4 colour;
#define MIRRORED
#include "noise.glsl"
#include "sky.glsl"
#include "clouds.glsl"
#include "northern.glsl"
void main() {
    vec2 spot = place / 0.988;
    float r2 = min(dot(spot, spot), 1.0);
    spot *= inversesqrt(max(dot(spot, spot), 1e-8)) * sqrt(r2);
    vec3 way = vec3(2.0 * spot.x, max(1.0 - r2, 0.01), 2.0 * spot.y) / (1.0 + r2);
    way = normalize(way);
    vec4 sky = sky_with_clouds(way);
    if (views.w > 0.0) sky.rgb += night_sky(way, views.w) * (1.0 - sky.a);
    colour = vec4(sky.rgb, 1.0);
}
