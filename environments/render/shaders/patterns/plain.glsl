void detail_of(inout Point p, vec2 uv, vec3 world, vec3 view) {
    vec4 d = detail(uv / (pattern.x * 1.7));
    p.albedo *= 1.0 + 0.05 * d.z;
    p.roughness = clamp(p.roughness + 0.05 * d.z, 0.05, 1.0);
}
