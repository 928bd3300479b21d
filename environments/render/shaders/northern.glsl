// Northern lights and stars behind everything.  They move so slowly that nothing changes faster than a fifth of a hertz.
float curtain(vec2 place) {
    float bend = texture(detail_map, place * 0.017 + vec2(0.00021, 0.00013) * eye.w).b;
    float fold = texture(detail_map, TURN * place * 0.041 + 0.3 * bend + vec2(-0.00043, 0.00029) * eye.w).b;
    float ridge = 1.0 - abs(2.0 * mix(bend, fold, 0.35) - 1.0);
    return smoothstep(0.80, 0.985, ridge);
}
vec3 northern_lights(vec3 way) {
    float rise = max(way.y, 0.0) + 0.06;
    vec3 sum = vec3(0.0);
    for (int i = 0; i < 12; ++i) {
        float part = (float(i) + 0.5) / 12.0;
        vec2 place = way.xz / rise * (1.0 + 0.55 * part);
        float rays = 0.55 + 0.45 * texture(detail_map, TURN * place * 0.31 + vec2(0.0006, 0.0) * eye.w).a;
        vec3 tone = mix(vec3(0.10, 0.85, 0.50), vec3(0.16, 0.34, 0.95), smoothstep(0.1, 0.9, part));
        sum += tone * curtain(place * 1.9) * rays * exp(-2.6 * part) * smoothstep(0.0, 0.12, part);
    }
    return sum * (0.26 / 12.0 * 3.0) * smoothstep(0.02, 0.22, way.y);
}
vec3 stars(vec3 way) {
    vec3 size = abs(way);
    vec2 face = size.x > max(size.y, size.z) ? way.zy / size.x : size.y > size.z ? way.xz / size.y : way.xy / size.z;
    vec2 place = face * 70.0 + (size.y > max(size.x, size.z) ? 300.0 : 0.0);
    vec2 cell = floor(place);
    float bright = hash(cell);
    vec2 at = cell + 0.3 + 0.4 * vec2(hash(cell + 17.3), hash(cell + 41.7));
    float least = 1.1 * views.z, radius = max(least, 0.0011);
    float spot = smoothstep(radius, 0.0, length(place - at) / 70.0) * (0.0011 * 0.0011) / (radius * radius);
    return vec3(0.75, 0.88, 1.0) * spot * pow(max(bright - 0.55, 0.0) / 0.45, 4.0) * smoothstep(0.0, 0.2, way.y);
}
// `strength` is that of the frame; twilight light of the sky sets the scale.
vec3 night_sky(vec3 way, float strength) {
    float level = dot(sky_up.rgb, vec3(0.2126, 0.7152, 0.0722));
    return (northern_lights(way) * 22.0 * strength + stars(way) * 8.0 * (1.0 - 0.8 * air.y)) * level;
}
