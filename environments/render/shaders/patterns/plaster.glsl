void detail_of(inout Point p, vec2 uv, vec3 world, vec3 view) {
    vec2 place = uv / pattern.x;
    vec4 small = detail(place * 2.3), large = once(place * 0.09);
    float streak = soft(vec2(place.x * 0.31, place.y * 0.012));
    p.albedo *= 1.0 + 0.05 * small.z + 0.09 * large.z + 0.06 * streak;
    tilt(p, 0.09 * small.xy + 0.03 * large.xy);
}
