void detail_of(inout Point p, vec2 uv, vec3 world, vec3 view) {
    vec2 place = uv / pattern.x, foot = fwidth(place);
    float plank = floor(place.x);
    float gap = lines(place.x, foot.x, 0.03);
    float one = hash(vec2(plank, 3.0));
    vec2 grain_place = vec2(place.x * 1.4 + one * 9.0, place.y * 0.07 + one * 5.0);
    vec4 grain = detail(grain_place), fine = detail(grain_place * vec2(5.0, 3.0));
    float ring = 0.5 + 0.5 * sin(grain.z * 9.0 + place.x * 3.0);
    p.albedo *= (0.74 + 0.30 * one + 0.16 * ring + 0.12 * fine.w) * (1.0 - 0.7 * gap);
    tilt(p, vec2(0.14 * fine.x + 0.25 * bevel(place.x, 0.03) * clamp(1.0 - foot.x, 0.0, 1.0), 0.02 * fine.y));
    p.roughness = clamp(p.roughness - 0.12 * ring, 0.2, 1.0);
    p.open *= 1.0 - 0.5 * gap;
}
