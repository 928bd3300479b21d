void detail_of(inout Point p, vec2 uv, vec3 world, vec3 view) {
    vec2 place = uv / pattern.x * 60.0, foot = fwidth(place);
    float sharp = clamp(1.0 - max(foot.x, foot.y), 0.0, 1.0);
    vec2 thread = sin(place * 2.0 * PI) * sharp;
    vec4 d = detail(uv / pattern.x * 0.6);
    p.albedo *= 1.0 + 0.08 * thread.x * thread.y + 0.10 * d.z;
    tilt(p, 0.12 * thread + 0.10 * d.xy);
    float rim = pow(1.0 - max(dot(p.normal, view), 0.0), 3.0);
    p.albedo += p.albedo * 0.5 * rim;
    p.through = 0.12;
}
