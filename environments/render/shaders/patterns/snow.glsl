#include "moon.glsl"
// Snow: soft drifts and a few grains that glint, the same ones in both eyes.
void detail_of(inout Point p, vec2 uv, vec3 world, vec3 view) {
    vec2 place = world.xz / pattern.x;
    vec4 large = once(place * 0.043), middle = once(TURN * place * 0.27), fine = detail(place * 2.3);
    float level_ground = smoothstep(0.3, 0.8, p.normal.y);
    float wind = dot(world.xz, vec2(0.86, 0.5)) * 4.2 + 3.0 * large.z + 1.4 * middle.z;
    float ripple = clamp(1.0 - 0.7 * fwidth(wind), 0.0, 1.0) * smoothstep(0.0, 0.7, large.w + 0.3);
    vec2 slope = 0.26 * large.xy + 0.20 * middle.xy + 0.09 * fine.xy + vec2(0.86, 0.5) * (0.07 * ripple * cos(wind));
    p.normal = normalize(p.normal - vec3(slope.x, 0.0, slope.y) * level_ground);
    float bright = 1.0 + 0.05 * large.z + 0.04 * middle.z + 0.03 * fine.w;
    p.albedo *= bright * mix(vec3(0.86, 0.93, 1.0), vec3(1.0), 0.5 + 0.5 * p.normal.y);
    float low = smoothstep(-6.0, 14.0, world.y);
    p.open *= mix(0.70, 1.0, low) * (0.88 + 0.12 * smoothstep(-0.5, 0.5, middle.z));
    float level = sky_level();
    p.glow += p.albedo * moonlight(p.normal, level) + aurora_glow(p.albedo, p.normal, level);
    // A crystal glints towards the middle between the eyes, so that both see it; far ones are too small to be seen.
    vec3 from = normalize(0.5 * (eye_of[0].xyz + eye_of[views.x > 1.5 ? 1 : 0].xyz) - world);
    vec2 grain = world.xz * 38.0 + world.y * 23.0;
    vec2 cell = floor(grain);
    vec3 facet = normalize(vec3(hash(cell + 3.1), 0.35 + hash(cell + 7.7), hash(cell + 19.3)) * 2.0 - vec3(1.0, 0.3, 1.0));
    float glint = smoothstep(0.988, 1.0, abs(dot(facet, from))) * smoothstep(0.45, 0.15, length(fract(grain) - 0.5));
    float near = 1.0 - smoothstep(0.15, 0.6, max(fwidth(grain.x), fwidth(grain.y)));
    p.glow += vec3(0.75, 0.9, 1.0) * level * 3.0 * glint * near;
}
