void detail_of(inout Point p, vec2 uv, vec3 world, vec3 view) {
    vec2 place = uv / (pattern.x * vec2(1.0, 0.333)), foot = fwidth(place);
    float row = floor(place.y);
    place.x += 0.5 * mod(row, 2.0);
    float mortar = max(lines(place.x, foot.x, 0.05), lines(place.y, foot.y, 0.15));
    float sharp = clamp(1.0 - max(foot.x, foot.y) * 1.2, 0.0, 1.0);
    float one = mix(0.5, hash(vec2(floor(place.x), row)), sharp);
    vec4 d = detail(uv / pattern.x * 0.8), large = once(uv / pattern.x * 0.05);
    p.albedo *= mix(vec3(0.62, 0.60, 0.62), vec3(1.22, 1.14, 1.05), one) * (1.0 + 0.16 * d.z + 0.10 * large.z);
    p.albedo = mix(p.albedo, vec3(0.36, 0.34, 0.31) * (1.0 + 0.2 * d.z), mortar * 0.85);
    tilt(p, (0.14 * d.xy + 0.35 * vec2(bevel(place.x, 0.05), bevel(place.y, 0.12))) * sharp);
    p.open *= 1.0 - 0.4 * mortar;
    p.roughness = clamp(p.roughness + 0.1 * mortar, 0.3, 1.0);
}
