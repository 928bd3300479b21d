void detail_of(inout Point p, vec2 uv, vec3 world, vec3 view) {
    vec2 place = uv / pattern.x;
    vec4 fine = detail(place * 3.1), large = once(place * 0.06);
    float worn = soft(place * 0.017);
    p.albedo *= 1.0 + 0.35 * fine.w + 0.14 * large.z + 0.18 * worn;
    tilt(p, 0.20 * fine.xy);
    p.roughness = clamp(p.roughness + 0.10 * large.z - 0.06 * worn, 0.35, 1.0);
}
