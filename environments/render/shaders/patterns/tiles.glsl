void detail_of(inout Point p, vec2 uv, vec3 world, vec3 view) {
    vec2 place = uv / pattern.x, foot = fwidth(place);
    float joint = max(lines(place.x, foot.x, 0.025), lines(place.y, foot.y, 0.025));
    float sharp = clamp(1.0 - max(foot.x, foot.y) * 1.2, 0.0, 1.0);
    float one = mix(0.5, hash(floor(place)), sharp);
    vec4 d = detail(place * 0.7 + one * 3.0), large = once(place * 0.05);
    p.albedo *= (0.92 + 0.14 * one + 0.04 * d.z + 0.05 * large.z) * (1.0 - 0.5 * joint);
    tilt(p, (0.16 * vec2(bevel(place.x, 0.025), bevel(place.y, 0.025)) + 0.012 * (vec2(one, hash(floor(place) + 5.0)) - 0.5)) * sharp);
    p.roughness = mix(p.roughness + 0.04 * d.z, 0.8, joint);
}
