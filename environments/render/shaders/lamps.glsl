// Light of a place's lamps (lamps.py): diffuse as irradiance over pi, and what a surface of reflectance f0 mirrors.
void add_lamps(vec3 position, vec3 n, vec3 view, vec3 f0, float roughness, inout vec3 reached, inout vec3 gloss) {
    for (int i = 0; i < int(lamp_count.x); ++i) {
        vec3 to = lamp_place[i].xyz - position;
        float square = max(dot(to, to), 1e-4), part = square * lamp_place[i].w;
        vec3 way = to * inversesqrt(square);
        float cone = clamp(lamp_light[i].w * -dot(way, lamp_way[i].xyz) + lamp_way[i].w, 0.0, 1.0);
        vec3 light = lamp_light[i].rgb * (cone * cone * clamp(1.0 - part * part, 0.0, 1.0) / square);
        reached += light * (max(dot(n, way), 0.0) / PI);
        gloss += gloss_from(way, f0, n, view, roughness) * light;
    }
}
