void detail_of(inout Point p, vec2 uv, vec3 world, vec3 view) {
    vec2 place = uv / pattern.x, foot = fwidth(place);
    float bar = lines(place.x, foot.x, 0.14), rod = lines(place.y * 0.33, foot.y * 0.33, 0.06);
    // Bars stand on edge: the lower the view, the less is seen between them.
    float depth = clamp(abs(dot(view, p.across)) / max(abs(dot(view, p.normal)), 0.05) * 0.9, 0.0, 0.86);
    float cover = max(max(bar, rod), depth);
    vec4 d = detail(place * 0.4);
    p.albedo *= (0.75 + 0.25 * bar) * (1.0 + 0.12 * d.z);
    p.normal = normalize(p.normal + p.across * 0.5 * depth * sign(dot(view, p.across)));
    p.open *= mix(0.5, 1.0, max(bar, rod));
    p.opacity = min(cover, 0.995);
}
