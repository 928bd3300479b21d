// Where an instance stands: three rows of its object-to-world matrix, or how it goes along a closed way (ways.py).
// Notes: row of its surface, 1 when it goes and 2 when it streams, its number among those that may be left out, how high it is pressed.
#ifdef LOOSE
uniform sampler2D places_map;  // four texels for each place, 256 places in a row
uniform int first_place;
#else
in vec4 in_row_x;
in vec4 in_row_y;
in vec4 in_row_z;
in vec4 in_notes;
#endif
void read_place(out vec4 a, out vec4 b, out vec4 c, out vec4 notes) {
#ifdef LOOSE
    int number = first_place + body_of_instance();
    ivec2 at = ivec2((number & 255) * 4, number >> 8);
    a = texelFetch(places_map, at, 0);
    b = texelFetch(places_map, at + ivec2(1, 0), 0);
    c = texelFetch(places_map, at + ivec2(2, 0), 0);
    notes = texelFetch(places_map, at + ivec2(3, 0), 0);
#else
    a = in_row_x; b = in_row_y; c = in_row_z; notes = in_notes;
#endif
}
#ifdef GOING
uniform sampler2D ways_map;  // for each way its places and directions in even steps, at last its length
// at: way, start m, speed m/s, m to the left; joint: place on the body m, scale; gait: swing, lean, stride m, ground m
mat4 gone(vec4 at, vec4 joint, vec4 gait) {
    int steps = textureSize(ways_map, 0).x - 2, way = int(at.x);
    float gone_m = at.y + at.z * eye.w;
    float place = fract(gone_m / texelFetch(ways_map, ivec2(steps + 1, way), 0).x) * float(steps);
    int before = min(int(place), steps - 1);
    vec4 here = mix(texelFetch(ways_map, ivec2(before, way), 0), texelFetch(ways_map, ivec2(before + 1, way), 0),
                    place - float(before));
    vec2 to = here.zw * (at.z < 0.0 ? -joint.w : joint.w);
    float turn = gait.y + gait.x * sin(fract(abs(gone_m) / gait.z) * 2.0 * PI);
    vec3 right = vec3(to.y, 0.0, -to.x), up = vec3(0.0, joint.w, 0.0), ahead = vec3(to.x, 0.0, to.y);
    vec3 foot = vec3(here.x + here.w * at.w, gait.w, here.y - here.z * at.w);
    vec3 hung = foot + right * joint.x + up * joint.y + ahead * joint.z;
    return mat4(vec4(right, 0.0), vec4(up * cos(turn) - ahead * sin(turn), 0.0),
                vec4(up * sin(turn) + ahead * cos(turn), 0.0), vec4(hung, 1.0));
}
// Presses a shape flat along the sun's rays, which are never taken to be flatter than one in four.
mat4 pressed(float height_m) {
    vec3 way = sun_direction.xyz / max(sun_direction.y, 0.25);
    return mat4(vec4(1.0, 0.0, 0.0, 0.0), vec4(-way.x, 0.0, -way.z, 0.0), vec4(0.0, 0.0, 1.0, 0.0),
                vec4(0.0, height_m, 0.0, 1.0));
}
// How a flag hangs that the wind blows out along its x axis: in a calm it droops; it wanders to and fro.
mat4 streaming(float phase) {
    float turn = 0.21 * sin(eye.w * 1.1 + phase) + 0.105 * sin(eye.w * 2.7 + 2.0 * phase);
    float blown = min(0.35 + 0.75 * air.z, 1.0), s = sin(turn), c = cos(turn);
    return mat4(vec4(c * blown, (blown - 1.0) * 0.9, -s * blown, 0.0), vec4(0.0, 1.0, 0.0, 0.0), vec4(s, 0.0, c, 0.0),
                vec4(0.0, 0.0, 0.0, 1.0));
}
bool is_left_out(int body) { return body >= 0 && (left_out[body >> 5] >> uint(body & 31) & 1u) != 0u; }
#endif
mat4 place_of_instance(out int surface) {
    vec4 a, b, c, notes;
    read_place(a, b, c, notes);
    surface = int(notes.x);
    mat4 place = transpose(mat4(a, b, c, vec4(0.0, 0.0, 0.0, 1.0)));
#ifdef GOING
    if (is_left_out(int(notes.z))) return mat4(vec4(0.0), vec4(0.0), vec4(0.0), vec4(0.0, -1e4, 0.0, 1.0));
    if (notes.y > 1.5) place = place * streaming(dot(place[3].xz, vec2(0.13, 0.07)));
    else if (notes.y > 0.5) place = gone(a, b, c);
    if (notes.w > -1e5) place = pressed(notes.w) * place;
#endif
    return place;
}
