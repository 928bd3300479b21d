// The sky above as a disc: its middle is straight up, its rim the horizon.
#include "frame.glsl"
in vec2 place;
out vec4 colour;
#define MIRRORED
#include "noise.glsl"
#include "sky.glsl"
#include "clouds.glsl"
void main() {
    vec2 spot = place / 0.988;
    float r2 = min(dot(spot, spot), 1.0);
    spot *= inversesqrt(max(dot(spot, spot), 1e-8)) * sqrt(r2);
    vec3 way = vec3(2.0 * spot.x, max(1.0 - r2, 0.01), 2.0 * spot.y) / (1.0 + r2);
    colour = vec4(sky_with_clouds(normalize(way)).rgb, 1.0);
}
