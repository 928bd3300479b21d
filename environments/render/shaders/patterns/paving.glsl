void detail_of(inout Point p, vec2 uv, vec3 world, vec3 view) {
    vec2 place = uv / pattern.x, foot = fwidth(place);
    place.x += 0.5 * mod(floor(place.y), 2.0);
    float joint = max(lines(place.x, foot.x, 0.02), lines(place.y, foot.y, 0.02));
    float sharp = clamp(1.0 - max(foot.x, foot.y) * 1.2, 0.0, 1.0);
    float one = mix(0.5, hash(floor(place)), sharp);
    vec4 d = detail(uv / pattern.x * 0.9), large = once(uv / pattern.x * 0.043);
    p.albedo *= (0.86 + 0.26 * one + 0.09 * d.z + 0.13 * large.z) * (1.0 - 0.6 * joint);
    tilt(p, (0.08 * d.xy + 0.22 * vec2(bevel(place.x, 0.02), bevel(place.y, 0.02)) + 0.03 * (vec2(one, hash(floor(place) + 7.0)) - 0.5)) * sharp);
    p.roughness = clamp(p.roughness - 0.08 * one + 0.1 * large.z, 0.25, 1.0);
    p.open *= 1.0 - 0.4 * joint;
}
