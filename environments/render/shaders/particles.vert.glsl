// One quad for each particle and eye; its place is a pure function of number, seed and time (particles.py).
#include "frame.glsl"
#include "eyes.glsl"
#include "shoreline.glsl"
// 0: middle m, 1 around the eyes; 1: box m, seed; 2, 3: way so far in two winds m, with sway 0-1 and the number of one wind;
// 4, 5: velocities m/s, with streak s and share of the second wind; 6: size m, opacity, sway m, shape; 7: colour, shown
uniform vec4 settings[8];
out vec2 corner;
flat out vec4 tint;   // light, opacity
flat out float kind;
const float NEAREST_M = 0.5;  // nothing is drawn nearer to an eye

// Three random numbers 0-1 of three whole ones: pcg3d (Jarzynski and Olano 2020).
vec3 random(uvec3 v) {
    v = v * 1664525u + 1013904223u;
    v.x += v.y * v.z; v.y += v.z * v.x; v.z += v.x * v.y;
    v ^= v >> 16u;
    v.x += v.y * v.z; v.y += v.z * v.x; v.z += v.x * v.y;
    return vec3(v >> 8u) / 16777216.0;
}
// How much spray hangs at a place: over the crests that break.
float spray_at(vec2 place) {
    float out_m = shore.x - place.y;
    float t = fract(wave_phase(place));
    float breaking = smoothstep(24.0, 9.0, out_m) * smoothstep(2.0, 6.0, out_m) * smoothstep(0.15, 0.9, sea.y);
    return breaking * (smoothstep(0.84, 0.97, t) + (1.0 - smoothstep(0.0, 0.16, t)));
}
void main() {
    int most = int(settings[3].w);
    int body = body_of_instance();
    int wind = body / most, number = body - wind * most;
    uvec3 key = uvec3(number, uint(settings[1].w) + uint(wind), 77u);
    vec3 start = random(key), own = random(key.yxz + 9u);
    vec3 box = settings[1].xyz;
    float faster = 1.0 + floor(own.x * 8.0) / 8.0;
    vec3 wander = sin(2.0 * PI * (settings[2].w * floor(vec3(5.0) + 14.0 * own.yzx) + own)) * settings[6].z;
    vec3 middle = settings[0].xyz + settings[0].w * 0.5 * (eye_of[0].xyz + eye_of[1].xyz);
    vec3 part = fract(start + (settings[2 + wind].xyz * faster + wander - middle) / box) - 0.5;
    vec3 place = middle + part * box;
    vec3 rim = smoothstep(0.5, 0.38, abs(part));
    int shape = int(settings[6].w);
    float opacity = settings[6].y * rim.x * rim.z * (wind == 0 ? 1.0 - settings[5].w : settings[5].w);
    opacity *= clamp((settings[7].w - float(number)) / max(0.1 * settings[7].w, 1.0), 0.0, 1.0);
    float size = settings[6].x;
    if (shape == 1) {
        place.y = max(sea.x + wave_height(place.xz), sea.x) + start.y * start.y * (0.25 + 0.9 * sea.y) + wander.y * 0.5;
        opacity *= spray_at(place.xz) * (1.0 - start.y);
        size *= 0.6 + 1.6 * start.y;
    } else if (shape == 2) {
        place.y = sand_height(place.z) + 0.015 + start.y * start.y * box.y + wander.y;
        opacity *= (1.0 - start.y) * smoothstep(-3.4, -1.2, place.z - shore.x - run_reach());
    } else {
        opacity *= rim.y;
    }
    vec3 to_eye = eye_of[eye_index()].xyz - place;
    float distance_m = length(to_eye);
    opacity *= smoothstep(NEAREST_M, 3.0 * NEAREST_M, distance_m) * exp(-air.x * distance_m);
    // What is smaller than a pixel is drawn a pixel wide, and fainter.
    float wide = max(size, 0.6 * views.z * distance_m);
    float thin = size / wide;
    vec3 velocity = settings[4 + wind].xyz * faster;
    vec3 along = velocity * settings[4].w * 0.5, up = vec3(0.0, 1.0, 0.0);
    bool streak = settings[4].w > 0.0;
    vec3 side = normalize(cross(streak ? along : up, to_eye) + vec3(1e-6, 0.0, 0.0));
    along = streak ? along + normalize(velocity + vec3(0.0, 1e-5, 0.0)) * wide : normalize(cross(to_eye, side)) * wide;
    opacity *= streak ? pow(thin, 0.7) : pow(thin, 1.1);
    vec3 sun = sun_irradiance.rgb, light = settings[7].rgb;
    float towards = max(dot(-to_eye, sun_direction.xyz) / max(distance_m, 1e-3), 0.0);
    if (shape == 3) {
        float pulse = 0.5 - 0.5 * cos(2.0 * PI * (settings[2].w * floor(9.0 + 8.0 * own.y) + own.z));
        light *= pulse * pulse * 2.5 / max(air.w, 1e-3);
    } else {
        light *= sky_up.rgb + sun * (0.12 + 0.5 * pow(towards, 6.0)) * smoothstep(-0.02, 0.05, sun_direction.y);
    }
    if (shape == 4) {
        float tumble = 2.0 * PI * (settings[2].w * floor(20.0 + 25.0 * own.z) + own.x);
        vec3 right = side;
        side = (right * cos(tumble) + along / wide * sin(tumble)) * (0.25 + 0.75 * abs(sin(tumble * 0.5 + own.y)));
        along = (along / wide * cos(tumble) - right * sin(tumble)) * wide;
    }
    corner = vec2(gl_VertexID & 1, gl_VertexID >> 1) * 2.0 - 1.0;
    tint = vec4(light, opacity);
    kind = float(shape);
    see(vec4(place + side * wide * corner.x + along * corner.y, 1.0));
    if (opacity < 0.002) gl_Position = vec4(0.0, 0.0, -2.0, 1.0);
}
