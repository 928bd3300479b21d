// Clouds on a high layer: how dense, seen along a direction.  They drift at one speed: a change of wind must not
// move what has already come a long way.
vec2 cloud_place(vec3 way) {
    return way.xz / (max(way.y, 0.0) + 0.055) * 0.55 + vec2(0.004, 0.0017) * eye.w * 0.65;
}
float cloud_density(vec2 place, float large) {
    float middle = texture(detail_map, TURN * place * 0.37 + 0.21).b;
    float small = texture(detail_map, place * 1.31 + 0.43).b;
    return smoothstep(0.0, 0.22, large * 0.62 + middle * 0.28 + small * 0.10 - mix(0.68, 0.36, air.y));
}
// Sky with drifting clouds; detail fades out where the layer meets the horizon.  a: how much cloud hides.
vec4 sky_with_clouds(vec3 way) {
    vec3 clear = grey_cover(clear_sky(way));
    vec3 air_there = grey_cover(clear_sky(normalize(vec3(way.x, 0.012, way.z))));
    vec2 place = cloud_place(way);
    float large = texture(detail_map, place * 0.11).b;
    float dense = cloud_density(place, large);
    // Thickness towards the sun, from the slope of the large shapes.
    float inward = smoothstep(0.0, 0.22, texture(detail_map, (place + sun_direction.xz * 0.09) * 0.11).b - mix(0.68, 0.36, air.y) + 0.10);
    float towards = max(dot(way, sun_direction.xyz), 0.0);
    float silver = 0.6 + 1.9 * pow(towards, 10.0);
    vec3 light = sun_irradiance.rgb * (0.085 * silver) * exp(-1.3 * inward) * (1.0 - 0.35 * dense);
    vec3 shade = sky_up.rgb * (0.85 - 0.25 * dense) + air_there * 0.22;
    float veil = dense * smoothstep(0.0, 0.11, way.y) * 0.94;
    return vec4(mix(clear, light + shade, veil), veil);
}
