// Clouds on a high layer: how dense, seen along a direction.
float cloud_density(vec2 place) {
    float large = texture(detail_map, place * 0.11).b;
    float middle = texture(detail_map, TURN * place * 0.37 + 0.21).b;
    float small = texture(detail_map, place * 1.31 + 0.43).b;
    float field = large * 0.62 + middle * 0.28 + small * 0.10;
    return smoothstep(0.0, 0.22, field - mix(0.68, 0.36, air.y));
}
// Sky with drifting clouds; detail fades out where the layer meets the horizon.
vec3 sky_with_clouds(vec3 way) {
    vec3 clear = grey_cover(clear_sky(way));
    float rise = max(way.y, 0.0) + 0.055;
    vec2 place = way.xz / rise * 0.55 + vec2(0.004, 0.0017) * eye.w * (0.35 + air.z);
    float dense = cloud_density(place);
    float inward = cloud_density(place + sun_direction.xz * 0.07);
    float towards = max(dot(way, sun_direction.xyz), 0.0);
    float silver = 0.6 + 1.9 * pow(towards, 10.0);
    vec3 light = sun_irradiance.rgb * (0.085 * silver) * exp(-1.6 * inward) * (1.0 - 0.35 * dense);
    vec3 shade = diffuse_sky(vec3(0.0, 1.0, 0.0)) * (0.85 - 0.25 * dense) + far_air(way) * 0.22;
    float veil = dense * smoothstep(0.0, 0.11, way.y) * 0.94;
    return mix(clear, light + shade, veil);
}
