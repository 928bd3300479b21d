// Sand of a terrain (u: open sky, v: dead grass on it): wind ripples where dry; dark, smooth and mirroring where the last
// waves have been, the more the less time has gone by.

// When, in breaths after its beginning, the water of a wave leaves a place again; above 1: the wave does not get there.
float left_at(vec2 place, float wave) {
    float reach = run_reach() * (0.82 + 0.18 * lobe(place.x, wave)) + 0.9;
    float up = (place.y - shore.x + 0.9) / reach;
    return up < 1.0 ? 0.4 + 0.6 * acos(clamp(2.0 * up - 1.0, -1.0, 1.0)) / PI : 9.0;
}
// Breaths since the water was here, up to three; as environments/scenes/shore/build.py breathes.
float since_wave(vec2 place) {
    float wave = floor(shore.y), part = shore.y - wave;
    float now = left_at(place, wave), last = left_at(place, wave - 1.0), older = left_at(place, wave - 2.0);
    if (now < 2.0 && part >= now) return part - now;
    if (last < 2.0) return part + 1.0 - last;
    return older < 2.0 ? part + 2.0 - older : 3.0;
}
void detail_of(inout Point p, vec2 uv, vec3 world, vec3 view) {
    vec2 place = world.xz;
    vec4 large = once(place * 0.031), middle = once(TURN * place * 0.21), fine = detail(place * 1.9);
    float edge = run_edge(place.x) - place.y;
    float highest = shore.x + run_reach() * (0.94 + 0.06 * large.z) + 0.22 * middle.z;
    float wet = shore.w * smoothstep(0.45, -0.35, place.y - highest);
    float film = 0.0;
    if (wet > 0.0) film = wet * max(exp(-1.9 * since_wave(place + vec2(0.0, 0.15 * middle.z))), smoothstep(-0.25, 0.05, edge));
    float dry = 1.0 - wet;
    float bend = 0.9 * large.z + 0.35 * middle.z;
    float across = dot(place, vec2(0.42, 0.91)) / 0.13 + bend * 4.0;
    float seen = clamp(1.0 - fwidth(across) * 0.9, 0.0, 1.0);
    float patchy = mix(0.25, 1.0, smoothstep(-0.35, 0.75, 0.5 * large.w + soft(place * 0.023) + 0.4 * middle.z)) * dry * (1.0 - uv.y);
    float ripple = cos(across * 2.0 * PI) * seen * patchy;
    float hills = abs(p.normal.y);
    vec2 slope = vec2(0.42, 0.91) * -sin(across * 2.0 * PI) * 0.15 * seen * patchy;
    slope += (0.08 * fine.xy + 0.14 * middle.xy) * mix(0.10 * (1.0 - film), 1.0, dry) + 0.05 * large.xy * dry;
    p.across = vec3(1.0, 0.0, 0.0);
    p.along = vec3(0.0, 0.0, 1.0);
    // Slopes and crests that the wind has sorted are paler and smoother than the hollows.
    float crest = smoothstep(0.75, 0.98, uv.x) * hills;
    vec4 litter = detail(place * 0.83 + 0.3);
    float cover = clamp(uv.y * (1.15 + 0.9 * litter.z + 0.5 * middle.z), 0.0, 1.0) * dry;
    tilt(p, slope + cover * 0.22 * litter.xy);
    p.albedo *= 1.0 + 0.17 * large.z + 0.07 * middle.z + 0.12 * fine.w + 0.05 * ripple * hills;
    p.albedo *= mix(0.90, 1.03, crest);
    // Shell grit and dark grains lie in drifts; the tide leaves a line of them.
    float grit = smoothstep(0.35, 0.9, fine.w) * smoothstep(0.1, 0.7, soft(place * 0.05 + 0.4));
    float line = exp(-pow((place.y - highest - 0.5 - 0.35 * large.z - 0.2 * middle.z) / 0.16, 2.0)) * smoothstep(-0.2, 0.6, litter.z + 0.4 * fine.z) * shore.w;
    p.albedo *= 1.0 - 0.28 * grit * dry - 0.50 * line;
    p.albedo = mix(p.albedo, vec3(0.20, 0.165, 0.085) * (1.0 + 0.35 * litter.z), 0.62 * cover);
    p.albedo *= mix(vec3(1.0), vec3(0.42, 0.38, 0.35), wet * (0.66 + 0.34 * film));
    p.roughness = mix(p.roughness, mix(0.52, 0.06, film), wet);
    p.open *= uv.x * (1.0 - 0.25 * cover);
}
