// Snow on a terrain (u: open sky, v: how deep it lies): soft drifts that sparkle, rock where it is steep.
void detail_of(inout Point p, vec2 uv, vec3 world, vec3 view) {
    vec2 place = world.xz;
    vec4 large = once(place * 0.037), middle = once(TURN * place * 0.23), fine = detail(place * 2.1);
    float steep = 1.0 - p.normal.y;
    float bare = smoothstep(0.34, 0.52, steep + 0.12 * middle.z) + 0.6 * smoothstep(0.35, 0.1, uv.y + 0.2 * large.z + 0.15 * fine.z);
    bare = clamp(bare, 0.0, 1.0);
    float wet = shore.w * smoothstep(0.16, 0.03, world.y - sea.x + 0.06 * middle.z);
    p.across = vec3(1.0, 0.0, 0.0);
    p.along = vec3(0.0, 0.0, 1.0);
    tilt(p, 0.10 * large.xy + 0.09 * middle.xy + 0.05 * fine.xy);
    vec3 stone = vec3(0.13, 0.115, 0.10) * (1.0 + 0.35 * fine.z);
    p.albedo = mix(p.albedo * (1.0 + 0.03 * fine.z), stone, bare);
    p.albedo = mix(p.albedo, vec3(0.10, 0.10, 0.095), wet);
    p.roughness = mix(mix(0.55, 0.9, bare), 0.3, wet);
    p.through = 0.25 * (1.0 - bare);
    p.open *= uv.x;
}
