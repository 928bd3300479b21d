// A bay of a front: wall, sill, frame and glass; one bay is a scale wide and a scale high.
void detail_of(inout Point p, vec2 uv, vec3 world, vec3 view) {
    vec2 place = uv / pattern.x, foot = fwidth(place);
    vec2 cell = floor(place), part = fract(place);
    float sharp = clamp(1.2 - max(foot.x, foot.y) * 2.0, 0.0, 1.0);
    float hole = lines(place.x - 0.5, foot.x, 0.50) * lines(place.y - 0.53, foot.y, 0.58);
    float pane = lines(place.x - 0.5, foot.x, 0.43) * lines(place.y - 0.53, foot.y, 0.52);
    float bars = max(lines(place.x - 0.5, foot.x, 0.025), lines(place.y - 0.66, foot.y, 0.022));
    float sill = lines(place.x - 0.5, foot.x, 0.56) * lines(place.y - 0.215, foot.y, 0.05);
    float ledge = lines(place.y, foot.y, 0.05);
    float glass = pane * (1.0 - bars);
    float one = mix(0.5, hash(cell), sharp), two = hash(cell + 17.0);
    vec4 d = detail(uv * 0.35), large = once(uv * 0.021);
    vec3 wall = p.albedo * (1.0 + 0.07 * d.z + 0.10 * large.z) * (1.0 + 0.10 * ledge);
    wall *= 1.0 - 0.10 * smoothstep(0.5, -1.0, soft(vec2(uv.x * 0.3, uv.y * 0.01)));
    vec3 frame = mix(vec3(0.62, 0.61, 0.58), vec3(0.10, 0.11, 0.12), step(0.5, hash(floor(p.albedo.xy * 97.0))));
    vec3 room = mix(vec3(0.015, 0.018, 0.022), vec3(0.075, 0.066, 0.055), one * one);
    float blind = smoothstep(0.0, 0.05, part.y - (1.1 - 0.75 * two * two)) * sharp;
    room = mix(room, vec3(0.36, 0.34, 0.30), 0.75 * blind);
    float shade = smoothstep(0.62, 0.82, part.y) * sharp * hole;
    p.albedo = mix(mix(mix(wall, frame, hole), room, glass), wall * 1.12, sill * (1.0 - hole));
    p.albedo *= 1.0 - 0.35 * shade * (1.0 - glass);
    p.roughness = mix(mix(p.roughness, 0.45, hole), 0.08, glass * (1.0 - 0.6 * blind));
    p.metallic = 0.0;
    tilt(p, mix(0.07 * d.xy, (vec2(one, two) - 0.5) * 0.03 * sharp + 0.006 * large.xy, glass));
    p.open *= 1.0 - 0.35 * hole * (1.0 - glass) - 0.25 * ledge * step(0.5, part.y);
}
