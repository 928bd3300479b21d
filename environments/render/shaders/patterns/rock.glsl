void detail_of(inout Point p, vec2 uv, vec3 world, vec3 view) {
    vec3 weight = pow(abs(p.normal), vec3(4.0));
    weight /= weight.x + weight.y + weight.z;
    vec3 place = world / pattern.x;
    vec4 dx = once(place.zy * 0.37), dy = once(place.xz * 0.37), dz = once(place.xy * 0.37);
    float height = dx.z * weight.x + dy.z * weight.y + dz.z * weight.z;
    float grain = dx.w * weight.x + dy.w * weight.y + dz.w * weight.z;
    vec3 slope = vec3(0.0, dx.y, dx.x) * weight.x + vec3(dy.x, 0.0, dy.y) * weight.y + vec3(dz.x, dz.y, 0.0) * weight.z;
    float crack = cells(place.xz * 0.19 + place.y * 0.13).g;
    p.normal = normalize(p.normal - 0.42 * slope);
    p.albedo *= (1.0 + 0.30 * height + 0.15 * grain) * mix(0.6, 1.0, smoothstep(0.0, 0.12, crack));
    p.albedo = mix(p.albedo, p.albedo * vec3(0.85, 0.95, 0.7), smoothstep(0.2, 0.9, p.normal.y) * 0.3);
    float damp = shore.w * smoothstep(0.5, 0.05, world.y - sea.x + 0.15 * height);
    p.albedo *= mix(1.0, 0.45, damp);
    p.roughness = mix(p.roughness, 0.3, damp);
    p.open *= 0.75 + 0.25 * smoothstep(-0.6, 0.5, height);
}
