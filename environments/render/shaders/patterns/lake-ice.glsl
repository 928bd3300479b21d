#include "moon.glsl"
// Clear ice on a river: cracks that reach down, trapped bubbles, blown snow on top.
void detail_of(inout Point p, vec2 uv, vec3 world, vec3 view) {
    vec2 place = world.xz / pattern.x;
    vec4 large = once(place * 0.031), fine = detail(place * 0.9);
    vec2 lean = view.xz / max(view.y, 0.25);
    float crack = 0.0;
    for (int i = 0; i < 4; ++i) {
        vec2 at = (place - lean * 0.05 * float(i)) * 0.085 + 0.02 * large.xy;
        crack += smoothstep(0.035, 0.0, cells(at).g) * (1.0 - 0.24 * float(i)) * 0.42;
    }
    float bubbles = smoothstep(0.13, 0.02, cells((place - lean * 0.12) * 0.9).r) * smoothstep(0.25, 0.7, large.w + 0.4);
    float blown = smoothstep(0.28, 0.80, large.z + 0.55 * once(TURN * place * 0.16).b + 0.22 * fine.w);
    p.across = vec3(1.0, 0.0, 0.0);
    p.along = vec3(0.0, 0.0, 1.0);
    tilt(p, 0.012 * fine.xy + 0.014 * large.xy);
    float white = clamp(0.75 * crack + 0.35 * bubbles, 0.0, 1.0);
    p.albedo = mix(mix(p.albedo, vec3(0.45, 0.68, 0.80), white), vec3(0.80, 0.86, 0.92), blown);
    p.roughness = mix(0.07 + 0.10 * white, 0.85, blown);
    p.opacity = mix(mix(p.opacity, 0.88, white), 0.97, blown);
    float level = sky_level();
    p.glow += p.albedo * moonlight(p.normal, level) * max(blown, 0.5 * white) * p.opacity;
    p.open *= 0.75;
    p.glow += vec3(0.03, 0.22, 0.34) * level * 0.35 * (1.0 - blown) * p.opacity;
}
