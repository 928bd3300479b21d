#include "frame.glsl"
#include "material.glsl"
in vec3 world;
in vec3 normal;
in vec2 uv;
flat in float number;
out vec4 colour;
#include "noise.glsl"
#include "sky.glsl"
#include "light.glsl"
#include "shoreline.glsl"

struct Point {
    vec3 albedo; float roughness; float metallic;
    vec3 normal; vec3 across; vec3 along;  // along u, along v
    float open;       // share of the sky seen
    float opacity; float through; vec3 glow;
    vec3 baked;       // light of a baked map instead of the sky's; below 0: none
};
// Tilts the normal by a slope in u and v.
#ifdef FAR
void tilt(inout Point p, vec2 slope) {}
#else
void tilt(inout Point p, vec2 slope) { p.normal = normalize(p.normal - p.across * slope.x - p.along * slope.y); }
#endif
#include "PATTERN"

void set_tangents(inout Point p) {
    vec3 dx = dFdx(world), dy = dFdy(world);
    vec2 ux = dFdx(uv), uy = dFdy(uv);
    vec3 a = cross(dy, p.normal), b = cross(p.normal, dx);
    vec3 across = a * ux.x + b * uy.x, along = a * ux.y + b * uy.y;
    float size = inversesqrt(max(max(dot(across, across), dot(along, along)), 1e-20));
    p.across = across * size;
    p.along = along * size;
}
#ifdef CUT_OUT
#include "cover.glsl"
#endif
void main() {
    vec3 away = world - eye.xyz;
    float distance_m = length(away);
    vec3 view = -away / distance_m;
    Point p = Point(base_roughness.rgb, base_roughness.a, emission_metallic.a, normalize(normal), vec3(0), vec3(0),
                    1.0, pattern.y, 0.0, emission_metallic.rgb, vec3(-1.0));
#ifdef CUT_OUT
    // Leaves and hair carry the normals of the whole crown: on a back, turn only one that points away from the eye.
    if (!gl_FrontFacing && dot(p.normal, view) < 0.0) p.normal = -p.normal;
#else
    if (!gl_FrontFacing) p.normal = -p.normal;
#endif
    vec3 flat_normal = p.normal;
#ifndef FAR
    set_tangents(p);
#endif
    detail_of(p, uv, world, view);

    vec3 f0 = mix(vec3(0.04), p.albedo, p.metallic);
    vec3 base = p.albedo * (1.0 - p.metallic);
    vec3 n = p.normal;
#ifdef CUT_OUT
    // No surface that is seen is turned away: without a clamp such a normal would mirror the sky like a polished edge.
    float facing = max(dot(n, view), 0.3);
    float gleam = smoothstep(-0.1, 0.4, dot(n, view));
#else
    float facing = clamp(dot(n, view), 0.0, 1.0);
    const float gleam = 1.0;
#endif
    float sun = max(dot(n, sun_direction.xyz), 0.0);
    float behind = max(-dot(n, sun_direction.xyz), 0.0) * p.through;
    float lit = sun + behind > 0.0 ? sunlit(world, flat_normal) : 0.0;
    vec3 sunshine = sun_irradiance.rgb * lit;
    vec3 sky_light = (p.baked.x < 0.0 ? diffuse_sky(n) : p.baked) * p.open;
    vec3 reached = sunshine * (sun + behind) / PI + sky_light;
    vec3 bounce = reflect(-view, n);
    float shy = clamp(p.open * (1.0 + min(bounce.y * 2.0, 0.0)), 0.25, 1.0);
    vec3 gloss = fresnel_rough(f0, facing, p.roughness) * MIRROR(bounce, p.roughness) * shy;
#ifndef FAR
    gloss += sun_gloss(f0, n, view, p.roughness) * sunshine;
#endif
#ifdef LAMPS
    add_lamps(world, n, view, f0, p.roughness, reached, gloss);
#endif
    gloss *= gleam;
#ifdef CUT_OUT
    cover(p.opacity);
    const float solid = 1.0;
    vec3 light = base * reached + gloss + p.glow;
#else
    float solid = mix(p.opacity, 1.0, pow(1.0 - facing, 5.0) * step(p.opacity, 0.999));
    vec3 light = base * reached * (p.opacity < 0.999 ? p.opacity : 1.0) + gloss + p.glow;
#endif
    light = mix(far_air(-view) * solid, light, exp(-air.x * distance_m));
    colour = vec4(light, solid);
}
