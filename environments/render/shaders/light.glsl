uniform sampler2DShadow shadow_map;  // left two thirds: the wide map, right third: the two fine ones around the eye

const vec2 SHADOW_TEXEL = vec2(1.0 / 3072.0, 1.0 / 2048.0);
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
// Four taps on a turned square, each of four texels: soft edges, a little grain instead of steps.
float tapped(vec3 place, mat2 turn) {
    float sum = 0.0;
    for (int i = 0; i < 4; ++i) {
        vec2 corner = vec2(i & 1, i >> 1) * 2.0 - 1.0;
        sum += texture(shadow_map, place + vec3(turn * corner * (0.55 + 0.25 * float(i)) * SHADOW_TEXEL, 0.0));
    }
    return 0.25 * sum;
}
float from_fine(mat4 map, vec3 position, float row, float bias, mat2 turn) {
    vec3 place = (map * vec4(position, 1.0)).xyz * 0.5 + 0.5;
    return tapped(vec3((place.x + 2.0) / 3.0, (place.y + row) * 0.5, place.z - bias), turn);
}
float from_far(vec3 position, mat2 turn) {
    vec3 far = (shadow_far * vec4(position, 1.0)).xyz;
    vec3 place = clamp(far * 0.5 + 0.5, 0.002, 0.998);
    float outside = smoothstep(0.9, 0.99, max(abs(far.x), abs(far.y)));
    return max(tapped(vec3(place.x * 2.0 / 3.0, place.y, place.z - 0.0004), turn), outside);
}
// How far out in a map, 0 to 1, a place is given over to the next one.
float leaving(mat4 map, vec3 position) {
    vec2 place = abs((map * vec4(position, 1.0)).xy);
    return smoothstep(0.78, 0.96, max(place.x, place.y));
}
float sunlit(vec3 position, vec3 normal) {
    float slant = 1.0 - max(dot(normal, sun_direction.xyz), 0.0);
    float turned = 2.0 * PI * fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715))));
    mat2 turn = mat2(cos(turned), sin(turned), -sin(turned), cos(turned));
    float from_near = leaving(shadow_near, position), lit = 0.0;
    if (from_near < 1.0) lit = from_fine(shadow_near, position + normal * (0.006 + 0.03 * slant), 1.0, 0.00003, turn);
    if (from_near <= 0.0) return lit;
    float from_middle = leaving(shadow_middle, position), next = 0.0;
    if (from_middle < 1.0) next = from_fine(shadow_middle, position + normal * (0.02 + 0.06 * slant), 0.0, 0.00015, turn);
    if (from_middle > 0.0) next = mix(next, from_far(position + normal * (0.1 + 0.5 * slant), turn), from_middle);
    return mix(lit, next, from_near);
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
