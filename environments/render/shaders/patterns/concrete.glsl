void detail_of(inout Point p, vec2 uv, vec3 world, vec3 view) {
    vec2 place = uv / pattern.x, foot = fwidth(place);
    vec4 large = once(place * 0.21), small = detail(place * 1.9);
    float seam = max(lines(place.x, foot.x, 0.008), lines(place.y, foot.y, 0.008));
    float panel = hash(floor(place));
    float streak = soft(vec2(place.x * 0.9, place.y * 0.06));
    p.albedo *= (0.93 + 0.10 * panel + 0.10 * large.z + 0.07 * small.z + 0.05 * streak) * (1.0 - 0.45 * seam);
    tilt(p, 0.10 * small.xy + 0.04 * large.xy);
    p.roughness = clamp(p.roughness + 0.06 * large.z, 0.3, 1.0);
    p.open *= 1.0 - 0.3 * seam;
}
