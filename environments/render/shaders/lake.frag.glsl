// Still water of a lake: mirrors the world (lake_map) and the sky, ripples in the wind and in the rain, and light that
// spreads over it with the breath.  sea: level m, mist 0-1, wind 0-1, breath 0-1; shore.x: rain 0-1.
#include "frame.glsl"
in vec3 world;
flat in int which_eye;
out vec4 colour;
#include "noise.glsl"
#include "sky.glsl"
#include "light.glsl"
uniform sampler2DArray water_map;
uniform sampler2D lake_map;  // the mirrored world of both eyes; a: where it is
const float SHORE_AWAY_M = 90.0;

vec2 water_layer(vec2 place, float time_s) {
    float frame = fract(time_s / 8.0) * 64.0;
    vec4 slopes = texture(water_map, vec3(place, floor(frame))) * 2.0 - 1.0;
    return mix(slopes.rg, slopes.ba, fract(frame));
}
// Slopes of the rings that drops make, one drop at a time in each square.
vec2 rain_rings(vec2 place) {
    vec2 sum = vec2(0.0);
    for (int i = 0; i < 2; ++i) {
        vec2 at = place * (i == 0 ? 1.7 : 2.9) + 7.3 * float(i);
        vec2 cell = floor(at);
        float age = eye.w * 0.8 + 17.0 * hash(cell);
        vec2 drop = 0.3 + 0.4 * vec2(hash(cell + floor(age)), hash(cell + floor(age) + 31.7));
        vec2 out_of = fract(at) - drop;
        float away = length(out_of), front = 0.34 * fract(age), t = fract(age);
        float ring = exp(-pow((away - front) * 22.0, 2.0)) * sin((away - front) * 60.0) * (1.0 - t) * (1.0 - t);
        sum += out_of / max(away, 0.02) * ring * step(hash(cell + 3.1), shore.x);
    }
    return sum;
}
// Where a direction from here on is seen in the mirrored picture.
vec2 seen_at(vec3 to) {
    vec4 clip = clip_from_world[which_eye] * vec4(world + to * SHORE_AWAY_M, 1.0);
    vec2 spot = clamp(clip.xy / max(clip.w, 0.1) * 0.5 + 0.5, vec2(0.004), vec2(0.996));
    return views.x > 1.5 ? vec2(0.5 * (spot.x + float(which_eye)), spot.y) : spot;
}
void main() {
    vec3 away = world - eye.xyz;
    float distance_m = length(away);
    vec3 view = -away / distance_m;
    vec2 place = world.xz;
    float near = exp(-distance_m * 0.06);
    // Wind ruffles the lake in patches that wander.
    float patches = smoothstep(0.05, 0.75, once(place * 0.006 + vec2(0.0011, 0.0006) * eye.w).z + 0.9 * (sea.z - 0.35));
    float choppy = 0.006 + 0.115 * sea.z * patches;
    float pool_m = mix(4.0, 24.0, sea.w), from_pool = length(place - vec2(0.0, -7.0));
    float lit = smoothstep(pool_m, 0.45 * pool_m, from_pool);
    float rim = exp(-pow((from_pool - pool_m * 0.86) / (0.7 + 0.06 * pool_m), 2.0));
    vec2 slope = water_layer(place / 12.0, eye.w * 0.8) * choppy;
    slope += water_layer(TURN * place / 41.0, eye.w * 0.4) * choppy * 0.7;
    vec2 fine = water_layer(TURN * TURN * place / 3.1, eye.w * 1.4);
    slope += fine * (choppy * 0.5 + 0.022 * lit + 0.030 * rim) * (0.25 + 0.75 * near);
    slope += rain_rings(place) * 0.35 * near * step(0.001, shore.x);
    vec3 n = normalize(vec3(-slope.x, 1.0, -slope.y));
    float lost = clamp(distance_m / 160.0, 0.0, 1.0);
    vec3 bounce = reflect(-view, n);
    bounce = normalize(vec3(bounce.x, max(bounce.y, 0.004), bounce.z));
    float roughness = 0.05 + 0.5 * choppy + 0.10 * lost * sea.z;
    vec3 sky = mix(mirrored_sky(bounce), surroundings(bounce, max(roughness, 0.15)), 0.35 * lost + 0.4 * patches * sea.z);
    // Reflected rays run on under the water as straight as seen in the mirrored picture; ruffled water smears them upwards.
    vec3 below = vec3(bounce.x, -bounce.y, bounce.z);
    vec4 shown = 0.5 * texture(lake_map, seen_at(below));
    float smear = (0.004 + 0.5 * choppy) * (0.4 + 0.6 * lost);
    shown += 0.25 * texture(lake_map, seen_at(normalize(below - vec3(0.0, smear, 0.0))));
    shown += 0.25 * texture(lake_map, seen_at(normalize(below - vec3(0.0, 2.2 * smear, 0.0))));
    vec3 image = sky * (1.0 - shown.a) + shown.rgb;
    float mirror = 0.02 + 0.98 * pow(1.0 - max(dot(n, view), 0.0), 5.0);
    mirror = mix(mirror, 0.9 * sqrt(mirror), 0.40);
    vec3 up_light = sky_up.rgb + sun_irradiance.rgb * max(sun_direction.y, 0.03) / PI;
    vec3 water = up_light * vec3(0.016, 0.030, 0.026);
    float shade = sunlit(world, vec3(0.0, 1.0, 0.0));
    vec3 shine = sun_gloss(vec3(0.02), n, view, max(roughness, 0.07)) * sun_irradiance.rgb * shade;
    vec3 light = water * (1.0 - mirror) + image * mirror + shine;
    // Breathing in, light spreads from the jetty over the water; breathing out, it draws back.
    float glints = smoothstep(0.05, 0.75, fine.x * 0.7 + fine.y * 0.5);
    vec3 glow = sky_up.rgb * 0.55 + sun_irradiance.rgb * 0.035;
    light += glow * (lit * (0.08 + 0.34 * glints) + rim * (0.14 + 0.40 * glints)) * (0.35 + 0.65 * sea.w);
    colour = vec4(mix(far_air(-view), light, exp(-air.x * distance_m)), 1.0);
}
