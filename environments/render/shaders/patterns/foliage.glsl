void detail_of(inout Point p, vec2 uv, vec3 world, vec3 view) {
    vec2 place = (uv + number * 3.7) / pattern.x;
    vec4 d = detail(place * 0.7);
    vec4 leaf = cells(place * 0.5 + world.xz * 0.03);
    p.albedo *= mix(vec3(0.66, 0.74, 0.6), vec3(1.3, 1.2, 1.05), number) * (0.7 + 0.5 * leaf.b + 0.2 * d.z);
    tilt(p, 0.35 * d.xy);
    p.through = 0.55;
    p.open *= 0.55 + 0.45 * smoothstep(0.0, 0.7, leaf.r);
}
