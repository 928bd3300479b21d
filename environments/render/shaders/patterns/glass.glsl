void detail_of(inout Point p, vec2 uv, vec3 world, vec3 view) {
    vec4 d = detail(uv / pattern.x * 0.13);
    tilt(p, 0.004 * d.xy);
    p.roughness = min(p.roughness, 0.12);
    p.metallic = 0.0;
    p.opacity = min(p.opacity, 0.35) + 0.015 * max(d.z, 0.0);
}
