uniform sampler2D sky_map;
uniform sampler3D surface_map;

// Column and row of the light tables for a direction (daylight.py tells the spacing).
vec2 sky_place(vec3 way) {
    vec2 level = way.xz / max(length(way.xz), 1e-4);
    vec2 sun = sun_direction.xz / max(length(sun_direction.xz), 1e-4);
    float turn = acos(clamp(dot(level, sun), -1.0, 1.0));
    float rise = asin(clamp(way.y, -1.0, 1.0));
    return vec2(sqrt(turn / PI), 0.5 + 0.5 * sign(rise) * sqrt(abs(rise) * 2.0 / PI));
}
vec3 clear_sky(vec3 way) {
    vec2 place = sky_place(vec3(way.x, max(way.y, 0.0008), way.z));
    return texture(sky_map, vec2(place.x, max(place.y, 0.5 + 0.6 / 96.0))).rgb;
}
// Light of the surroundings blurred for a roughness; 5 slices.
vec3 surroundings(vec3 way, float roughness) {
    float r = roughness;
    float slice = r < 0.3 ? (r - 0.15) / 0.15 : r < 0.5 ? 1.0 + (r - 0.3) / 0.2 : 2.0 + (r - 0.5) / 0.25;
    return texture(surface_map, vec3(sky_place(way), (clamp(slice, 0.0, 4.0) + 0.5) / 5.0)).rgb;
}
vec3 diffuse_sky(vec3 n) {
    vec3 sum = ambient[0].rgb + ambient[1].rgb * n.y + ambient[2].rgb * n.z + ambient[3].rgb * n.x;
    sum += ambient[4].rgb * (n.x * n.y) + ambient[5].rgb * (n.y * n.z) + ambient[6].rgb * (3.0 * n.z * n.z - 1.0);
    sum += ambient[7].rgb * (n.x * n.z) + ambient[8].rgb * (n.x * n.x - n.y * n.y);
    return max(sum, vec3(0.0));
}

vec3 grey_cover(vec3 clear) {
    float cover = air.y * air.y;
    return mix(clear, vec3(dot(clear, vec3(0.3, 0.5, 0.2))) * 1.02, 0.55 * cover);
}
// The upper half of the sky with its clouds, drawn once in a while onto a disc (mirror.frag.glsl).
uniform sampler2D mirror_map;
vec3 mirrored_sky(vec3 way) {
    float rise = max(way.y, 0.0);
    return texture(mirror_map, way.xz * (0.494 / (1.0 + rise) / max(length(vec3(way.x, rise, way.z)), 1e-4)) + 0.5).rgb;
}
// Sky at the horizon under a direction: the colour of far air.
vec3 far_air(vec3 way) { return texture(mirror_map, way.xz * (0.490 / max(length(way.xz), 1e-4)) + 0.5).rgb; }
