// Where a scene has northern lights, a moon over the left shoulder gives snow and ice their shape; in units of the sky's light.
const vec3 MOON = vec3(-0.52, 0.74, 0.43);
vec3 moonlight(vec3 normal, float level) {
    float facing = max(dot(normal, MOON), 0.0);
    return views.w > 0.0 ? vec3(0.80, 0.92, 1.0) * (level * 1.05 * facing) : vec3(0.0);
}
float sky_level() { return dot(sky_up.rgb, vec3(0.2126, 0.7152, 0.0722)); }
vec3 aurora_glow(vec3 albedo, vec3 normal, float level) {
    return albedo * vec3(0.05, 0.40, 0.27) * (level * views.w * (0.14 + 0.26 * max(normal.y, 0.0)));
}
