void detail_of(inout Point p, vec2 uv, vec3 world, vec3 view) {
    vec2 place = uv / pattern.x;
    vec4 brush = detail(vec2(place.x * 0.06, place.y * 4.0)), large = once(place * 0.3);
    p.albedo *= 1.0 + 0.06 * brush.w + 0.05 * large.z;
    p.roughness = clamp(p.roughness + 0.08 * brush.w + 0.06 * large.z, 0.08, 1.0);
    tilt(p, vec2(0.004 * large.x, 0.03 * brush.y));
}
