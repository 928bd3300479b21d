// Ground of a terrain (u: open sky, v: grass and moss): litter under trees, grass where it is open, rock where it is steep,
// gravel and mud at the water's edge (sea.x).  The colour of the material is that of the grass.
void detail_of(inout Point p, vec2 uv, vec3 world, vec3 view) {
    vec2 place = world.xz;
    vec4 large = once(place * 0.043), middle = once(TURN * place * 0.29), fine = detail(place * 1.7), leaf = cells(place * 0.9);
    float steep = 1.0 - p.normal.y;
    float rocky = smoothstep(0.22, 0.42, steep + 0.10 * middle.z + 0.05 * large.z);
    float grassy = smoothstep(0.30, 0.62, uv.y + 0.22 * large.z + 0.20 * middle.z + 0.10 * fine.z) * (1.0 - rocky);
    float above = world.y - sea.x + 0.10 * middle.z + 0.06 * large.z;
    float edge = shore.w * smoothstep(0.42, 0.10, above), wet = shore.w * smoothstep(0.20, 0.02, above);
    vec3 litter = mix(vec3(0.115, 0.076, 0.045), vec3(0.20, 0.125, 0.062), leaf.b) * (1.0 + 0.30 * fine.z + 0.2 * large.z);
    vec3 grass = p.albedo * (1.0 + 0.34 * fine.w + 0.24 * middle.z + 0.20 * large.z);
    vec3 rock = vec3(0.20, 0.19, 0.175) * (1.0 + 0.35 * middle.z + 0.25 * fine.z);
    vec3 gravel = mix(vec3(0.16, 0.14, 0.115), vec3(0.30, 0.28, 0.25), leaf.b) * (1.0 + 0.25 * fine.w);
    p.albedo = mix(mix(mix(litter, grass, grassy), rock, rocky), gravel, edge * (1.0 - rocky));
    p.across = vec3(1.0, 0.0, 0.0);
    p.along = vec3(0.0, 0.0, 1.0);
    tilt(p, (fine.xy * mix(0.20, 0.30, grassy) + 0.16 * middle.xy) * (1.0 - 0.7 * wet));
    p.albedo *= 1.0 - 0.52 * wet;
    p.roughness = mix(0.95, 0.30, wet);
    p.open *= uv.x * (1.0 - 0.30 * (1.0 - grassy) * (1.0 - leaf.r) * (1.0 - rocky));
}
