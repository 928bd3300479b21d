uniform sampler2DShadow shadow_map;  // left two thirds: the wide map, right third: the two fine ones around the eye

const vec2 SHADOW_TEXEL = vec2(1.0 / 3072.0, 1.0 / 2048.0);  // a quick picture reads no neighbours
// Share of sunlight that arrives: each map within its square, blended into the next one, light outside all.
#ifdef FAR
float sunlit(vec3 position, vec3 normal) {
    float slant = 1.0 - max(dot(normal, sun_direction.xyz), 0.0);
    vec3 far = (shadow_far * vec4(position + normal * (0.1 + 0.5 * slant), 1.0)).xyz;
    vec3 place = clamp(far * 0.5 + 0.5, 0.002, 0.998);
    float outside = smoothstep(0.9, 0.99, max(abs(far.x), abs(far.y)));
    return max(texture(shadow_map, vec3(place.x * 2.0 / 3.0, place.y, place.z - 0.0004)), outside);
}
#else
// Each map ends a little elsewhere in every pixel, which blends it into the next; the finest that reaches is read.
#if defined(FRAGMENT) && !defined(QUICK)
float noise_here() { return fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715)))); }
// Four taps on a turned square, each of four texels: soft edges, a little grain instead of steps.
float tapped(vec3 place, float noise) {
    vec2 way = normalize(vec2(1.0 - noise, noise));
    vec3 near = vec3(0.95 * way * SHADOW_TEXEL, 0.0), far = vec3(1.65 * vec2(-way.y, way.x) * SHADOW_TEXEL, 0.0);
    float sum = texture(shadow_map, place + near) + texture(shadow_map, place - near);
    return 0.25 * (sum + texture(shadow_map, place + far) + texture(shadow_map, place - far));
}
#else
float noise_here() { return 0.5; }
float tapped(vec3 place, float noise) { return texture(shadow_map, place); }
#endif
float reach(vec3 place) { return max(abs(place.x), abs(place.y)); }
float sunlit(vec3 position, vec3 normal) {
    float slant = 1.0 - max(dot(normal, sun_direction.xyz), 0.0), noise = noise_here(), end = 0.78 + 0.18 * noise, outside = 0.0;
    vec3 place = (shadow_near * vec4(position + normal * (0.006 + 0.03 * slant), 1.0)).xyz;
    vec3 spot = vec3((place.x + 5.0) / 6.0, (place.y + 3.0) * 0.25, place.z * 0.5 + 0.49997);
    if (reach(place) > end) {
        place = (shadow_middle * vec4(position + normal * (0.02 + 0.06 * slant), 1.0)).xyz;
        spot = vec3((place.x + 5.0) / 6.0, (place.y + 1.0) * 0.25, place.z * 0.5 + 0.49985);
        if (reach(place) > end) {
            place = (shadow_far * vec4(position + normal * (0.1 + 0.5 * slant), 1.0)).xyz;
            outside = smoothstep(0.9, 0.99, reach(place));
            spot = clamp(place * 0.5 + 0.5, 0.002, 0.998) * vec3(2.0 / 3.0, 1.0, 1.0) - vec3(0.0, 0.0, 0.0004);
        }
    }
    return max(tapped(spot, noise), outside);
}
#endif
vec3 fresnel_rough(vec3 f0, float facing, float roughness) {
    vec4 r = roughness * vec4(-1.0, -0.0275, -0.572, 0.022) + vec4(1.0, 0.0425, 1.04, -0.04);
    float a = min(r.x * r.x, exp2(-9.28 * facing)) * r.x + r.y;
    vec2 scale = vec2(-1.04, 1.04) * a + r.zw;
    return f0 * scale.x + scale.y;
}
// What a surface mirrors of a light in a direction, for an irradiance of 1 across its rays.
vec3 gloss_from(vec3 way, vec3 f0, vec3 normal, vec3 view, float roughness) {
    vec3 middle = normalize(view + way);
    float facing = max(dot(normal, way), 0.0);
    float seen = max(dot(normal, view), 0.02);
    float alpha = max(roughness * roughness, 0.004);
    float peak = max(dot(normal, middle), 0.0);
    float bend = peak * peak * (alpha * alpha - 1.0) + 1.0;
    float spread = alpha * alpha / (PI * bend * bend);
    float hidden = 0.5 / mix(2.0 * facing * seen, facing + seen, alpha);
    vec3 shine = f0 + (1.0 - f0) * pow(1.0 - max(dot(middle, view), 0.0), 5.0);
    return min(spread * hidden, 60.0) * shine * facing;
}
vec3 sun_gloss(vec3 f0, vec3 normal, vec3 view, float roughness) { return gloss_from(sun_direction.xyz, f0, normal, view, roughness); }
#ifdef LAMPS
#include "lamps.glsl"
#endif
