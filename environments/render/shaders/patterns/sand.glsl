// Dry sand with wind ripples; dark and glossy where the sea has been.
void detail_of(inout Point p, vec2 uv, vec3 world, vec3 view) {
    vec2 place = world.xz;
    vec4 large = once(place * 0.031), middle = once(TURN * place * 0.21), fine = detail(place * 1.9);
    float edge = run_edge(place.x) - place.y;
    float highest = shore.x + run_reach() * (0.94 + 0.06 * large.z) + 0.22 * middle.z;
    float wet = shore.w * smoothstep(0.45, -0.35, place.y - highest);
    float soaked = shore.w * smoothstep(-2.2, 0.1, edge) * wet;
    float dry = 1.0 - wet;
    float bend = 0.9 * large.z + 0.35 * middle.z;
    float across = dot(place, vec2(0.42, 0.91)) / 0.13 + bend * 4.0;
    float seen = clamp(1.0 - fwidth(across) * 0.9, 0.0, 1.0);
    float patchy = mix(0.25, 1.0, smoothstep(-0.35, 0.75, 0.5 * large.w + soft(place * 0.023) + 0.4 * middle.z)) * dry;
    float ripple = cos(across * 2.0 * PI) * seen * patchy;
    float hills = abs(p.normal.y);
    vec2 slope = vec2(0.42, 0.91) * -sin(across * 2.0 * PI) * 0.15 * seen * patchy;
    slope += (0.08 * fine.xy + 0.14 * middle.xy) * mix(0.12, 1.0, dry) + 0.05 * large.xy * dry;
    p.across = vec3(1.0, 0.0, 0.0);
    p.along = vec3(0.0, 0.0, 1.0);
    tilt(p, slope);
    p.albedo *= 1.0 + 0.10 * large.z + 0.07 * middle.z + 0.12 * fine.w + 0.05 * ripple * hills;
    p.albedo *= mix(vec3(1.0), vec3(0.40, 0.37, 0.35), wet * (0.72 + 0.28 * soaked));
    p.roughness = mix(p.roughness, mix(0.42, 0.12, soaked), wet);
}
