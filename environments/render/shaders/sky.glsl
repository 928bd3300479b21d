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
// Light of the surroundings blurred for a roughness; 6 slices, the last is diffuse.
vec3 surroundings(vec3 way, float roughness) {
    float r = roughness;
    float slice = r < 0.3 ? (r - 0.15) / 0.15 : r < 0.5 ? 1.0 + (r - 0.3) / 0.2 : 2.0 + (r - 0.5) / 0.25;
    return texture(surface_map, vec3(sky_place(way), (clamp(slice, 0.0, 4.0) + 0.5) / 6.0)).rgb;
}
vec3 diffuse_sky(vec3 way) { return texture(surface_map, vec3(sky_place(way), 5.5 / 6.0)).rgb; }

vec3 grey_cover(vec3 clear) {
    float cover = air.y * air.y;
    return mix(clear, vec3(dot(clear, vec3(0.3, 0.5, 0.2))) * 1.02, 0.55 * cover);
}
// Sky towards the horizon under a direction: the colour of far air.
vec3 far_air(vec3 way) { return grey_cover(clear_sky(normalize(vec3(way.x, 0.012, way.z)))); }

vec3 through_air(vec3 colour, vec3 way, float distance_m) {
    float dense = air.x * distance_m;
    return mix(far_air(way), colour, exp(-dense));
}
