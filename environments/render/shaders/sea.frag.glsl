#include "frame.glsl"
in vec3 world;
in vec3 swell_lift;  // slope of the swell in x and z, its height
out vec4 colour;
#include "noise.glsl"
#include "sky.glsl"
#include "light.glsl"
#include "shoreline.glsl"
uniform sampler2DArray water_map;

// Slopes of two neighbouring moments are in one texel.
vec2 water_layer(vec2 place, float time_s) {
    float frame = fract(time_s / 8.0) * 64.0;
    vec4 slopes = texture(water_map, vec3(place, floor(frame))) * 2.0 - 1.0;
    return mix(slopes.rg, slopes.ba, fract(frame));
}
float foam_of(vec2 place, float edge_m, float out_m) {
    float drift = shore.y * 1.3;
    // Bent by noise of two sizes, so that the cells of the lace do not look like cells.
    vec2 torn = 0.045 * once(place * 0.23).xy + 0.02 * once(TURN * place * 0.9).xy;
    float lace = texture(cells_map, place * 0.17 + torn + 0.04 * vec2(sin(place.y * 1.7), sin(place.x * 1.3)) + vec2(0.0, -drift * 0.08) ).g;
    float fine = texture(cells_map, TURN * place * 0.49 + 1.6 * torn + vec2(0.03, -drift * 0.11)).g;
    float bare = 0.5 + 0.5 * once(place * 0.07).z;
    float web = (1.0 - smoothstep(0.02, mix(0.40, 0.22, bare), min(lace, fine * 1.3))) * (1.0 - 0.6 * smoothstep(0.55, 0.8, bare));
    float bubbles = 0.5 + 0.5 * once(place * 0.43).z;
    float t = fract(wave_phase(place));
    float breaking = smoothstep(26.0, 7.0, out_m) * smoothstep(0.1, 0.35, 0.25 + sea.y);
    float trail = clamp(1.0 - t / mix(0.25, 0.6, breaking), 0.0, 1.0) * breaking * step(0.0, out_m);
    float front = smoothstep(0.86, 0.97, t) * breaking * smoothstep(0.0, 3.0, out_m);
    float rim = smoothstep(0.38, 0.04, edge_m) * (0.6 + 0.4 * sea.w) + 0.75 * smoothstep(3.4, 0.2, edge_m) * web;
    float old = web * smoothstep(15.0, 1.0, out_m) * 0.5 * smoothstep(0.25, 0.8, bubbles);
    float amount = max(max(front, trail * (0.35 + 0.65 * web)), max(rim * (0.5 + 0.5 * bubbles), old));
    return clamp(amount * (0.6 + 0.8 * bubbles), 0.0, 1.0);
}
void main() {
    vec3 away = world - eye.xyz;
    float distance_m = length(away);
    vec3 view = -away / distance_m;
    vec2 place = world.xz;
    float out_m = shore.x - world.z;
    float ragged = 0.12 * soft(place * 1.3);
    float edge_m = run_edge(place.x) + ragged - place.y;
    float deep = max(world.y - sand_height(place.y), 0.0);

    float choppy = (0.13 + 0.40 * sea.z) * (0.30 + 0.70 * smoothstep(-1.0, 22.0, out_m));
    vec2 slope = water_layer(place / 12.0, eye.w) * choppy;
    slope += water_layer(TURN * place / 67.0, eye.w * 0.42) * choppy * 0.9;
    slope += water_layer(TURN * TURN * place / 2.7, eye.w * 1.9) * choppy * 0.55 * exp(-distance_m * 0.06);
    vec3 n = normalize(vec3(-slope.x - swell_lift.x, 1.0, -slope.y - swell_lift.y));
    float lost = clamp(distance_m / 500.0, 0.0, 1.0);
    float roughness = mix(0.10, 0.24, sqrt(lost)) + 0.08 * sea.z;
    float facing = max(dot(n, view), 0.03);
    // Far waves hide their backs: the mean slope that is seen turns towards the viewer.
    n = normalize(n + vec3(view.x, 0.0, view.z) * lost * (0.06 + 0.10 * sea.z));
    vec3 bounce = reflect(-view, n);
    bounce.y = abs(bounce.y) + 0.015;
    bounce = normalize(bounce);
    float mirror = 0.02 + 0.98 * pow(1.0 - max(dot(n, view), 0.0), 5.0) / (1.0 + 2.2 * roughness);
    // Waves too small to be seen blur what the water mirrors, the more the farther away.
    vec3 sky = mix(mirrored_sky(bounce), surroundings(bounce, roughness), mix(0.45, 0.90, sqrt(lost)));
    vec3 up_light = sky_up.rgb + sun_irradiance.rgb * max(sun_direction.y, 0.03)/ PI;
    float shallow = exp(-deep * 0.55);
    vec3 water = up_light * mix(vec3(0.010, 0.040, 0.055), vec3(0.045, 0.165, 0.150), shallow);
    float crest = clamp(swell_lift.z * 1.6, 0.0, 1.0) * max(dot(-view, sun_direction.xyz) * 0.5 + 0.5, 0.0);
    water += up_light * vec3(0.02, 0.10, 0.085) * crest;
    vec3 shine = sun_gloss(vec3(0.02), n, view, roughness) * sun_irradiance.rgb;

    float clear = exp(-deep * 1.7);
    float alpha = mix(1.0 - clear, 1.0, mirror);
    vec3 light = water * (1.0 - clear) * (1.0 - mirror) + sky * mirror + shine;
    float foam = foam_of(place, edge_m, out_m) * (1.0 - smoothstep(60.0, 200.0, distance_m));
    vec3 froth = up_light * 0.78;
    light = mix(light, froth, foam);
    alpha = mix(alpha, 1.0, foam);
    float film = smoothstep(0.0, 0.06 + fwidth(edge_m), edge_m);
    light *= film;
    alpha *= film;
    light = mix(far_air(-view) * alpha, light, exp(-air.x * distance_m));
    colour = vec4(light, alpha);
}
