uniform sampler2DShadow shadow_map;  // left two thirds: the wide map, right third: the fine map around the eye

const vec2 SHADOW_TEXEL = vec2(1.0 / 3072.0, 1.0 / 2048.0);
// Share of sunlight that arrives: the fine map within its square, the wide one beyond, light outside both.
#ifdef FAR
float sunlit(vec3 position, vec3 normal) {
    float slant = 1.0 - max(dot(normal, sun_direction.xyz), 0.0);
    vec3 far = (shadow_far * vec4(position + normal * (0.1 + 0.5 * slant), 1.0)).xyz;
    vec3 place = clamp(far * 0.5 + 0.5, 0.002, 0.998);
    float outside = smoothstep(0.9, 0.99, max(abs(far.x), abs(far.y)));
    return max(texture(shadow_map, vec3(place.x * 2.0 / 3.0, place.y, place.z - 0.0004)), outside);
}
#else
float sunlit(vec3 position, vec3 normal) {
    float slant = 1.0 - max(dot(normal, sun_direction.xyz), 0.0);
    vec3 near = (shadow_near * vec4(position + normal * (0.02 + 0.06 * slant), 1.0)).xyz;
    vec3 far = (shadow_far * vec4(position + normal * (0.1 + 0.5 * slant), 1.0)).xyz;
    bool is_near = max(abs(near.x), abs(near.y)) < 0.97;
    float outside = is_near ? 0.0 : smoothstep(0.9, 0.99, max(abs(far.x), abs(far.y)));
    vec3 place = is_near ? near * 0.5 + 0.5 : clamp(far * 0.5 + 0.5, 0.002, 0.998);
    place = is_near ? vec3((place.x + 2.0) / 3.0, place.y * 0.5, place.z - 0.00015) : vec3(place.x * 2.0 / 3.0, place.y, place.z - 0.0004);
    float sum = texture(shadow_map, place + vec3(vec2(-0.2, -0.9) * SHADOW_TEXEL, 0.0));
    sum += texture(shadow_map, place + vec3(vec2(0.9, 0.3) * SHADOW_TEXEL, 0.0));
    sum += texture(shadow_map, place + vec3(vec2(-0.7, 0.6) * SHADOW_TEXEL, 0.0));
    return max(sum / 3.0, outside);
}
#endif
vec3 fresnel_rough(vec3 f0, float facing, float roughness) {
    vec4 r = roughness * vec4(-1.0, -0.0275, -0.572, 0.022) + vec4(1.0, 0.0425, 1.04, -0.04);
    float a = min(r.x * r.x, exp2(-9.28 * facing)) * r.x + r.y;
    vec2 scale = vec2(-1.04, 1.04) * a + r.zw;
    return f0 * scale.x + scale.y;
}
vec3 sun_gloss(vec3 f0, vec3 normal, vec3 view, float roughness) {
    vec3 middle = normalize(view + sun_direction.xyz);
    float facing = max(dot(normal, sun_direction.xyz), 0.0);
    float seen = max(dot(normal, view), 0.02);
    float alpha = max(roughness * roughness, 0.004);
    float peak = max(dot(normal, middle), 0.0);
    float bend = peak * peak * (alpha * alpha - 1.0) + 1.0;
    float spread = alpha * alpha / (PI * bend * bend);
    float hidden = 0.5 / mix(2.0 * facing * seen, facing + seen, alpha);
    vec3 shine = f0 + (1.0 - f0) * pow(1.0 - max(dot(middle, view), 0.0), 5.0);
    return min(spread * hidden, 60.0) * shine * facing;
}
