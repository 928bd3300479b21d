// A skinned and morphed vertex: joint matrices of all bodies and what morph targets add are read from two textures.
uniform sampler2D palette_map;  // each body's place, its joints (three rows of a matrix each), its morph weights
uniform sampler2D morph_map;    // for each target and vertex: what it adds to the place, to the normal
// Of a body: its first texel, first of the morph weights within a body, first texel of the morph targets, targets.
// Of its part: first vertex, vertices, row of the surface, number of the body.
#ifdef LOOSE
uniform ivec4 first_body;
uniform ivec4 of_part;
uniform int texels_a_body;
ivec4 the_body() { return first_body + ivec4(body_of_instance() * texels_a_body, 0, 0, 0); }
ivec4 the_part() { return of_part + ivec4(0, 0, 0, body_of_instance()); }
#else
in ivec4 in_body;
in ivec4 in_part;
ivec4 the_body() { return in_body; }
ivec4 the_part() { return in_part; }
#endif
in vec3 in_position;
in vec3 in_normal;
in uvec4 in_joints;
in vec4 in_weights;
const int TEXELS_A_ROW = 1024;

vec4 texel_of(sampler2D map, int at) { return texelFetch(map, ivec2(at % TEXELS_A_ROW, at / TEXELS_A_ROW), 0); }

// Rows of a 3 x 4 matrix.
struct Rows { vec4 x; vec4 y; vec4 z; };
Rows rows_at(int at) {
    return Rows(texel_of(palette_map, at), texel_of(palette_map, at + 1), texel_of(palette_map, at + 2));
}
vec3 moved(Rows m, vec3 at) {
    vec4 point = vec4(at, 1.0);
    return vec3(dot(m.x, point), dot(m.y, point), dot(m.z, point));
}
// Normals turn by the cofactors, so that they stay right under uneven scales.
vec3 turned(Rows m, vec3 way) {
    return vec3(dot(cross(m.y.xyz, m.z.xyz), way), dot(cross(m.z.xyz, m.x.xyz), way), dot(cross(m.x.xyz, m.y.xyz), way));
}
// The vertex and its normal in the world.
void pose(out vec4 place, out vec3 normal) {
    vec3 at = in_position, way = in_normal;
    ivec4 body = the_body(), part = the_part();
    for (int target = 0; target < body.w; target++) {
        float weight = texel_of(palette_map, body.x + body.y + target / 4)[target % 4];
        if (weight == 0.0) continue;
        int texel = body.z + 2 * (target * part.y + gl_VertexID - part.x);
        at += weight * texel_of(morph_map, texel).xyz;
        way += weight * texel_of(morph_map, texel + 1).xyz;
    }
    Rows blend = Rows(vec4(0.0), vec4(0.0), vec4(0.0));
    for (int i = 0; i < 4; i++) {
        if (in_weights[i] == 0.0) continue;
        Rows joint = rows_at(body.x + 3 + 3 * int(in_joints[i]));
        blend.x += in_weights[i] * joint.x;
        blend.y += in_weights[i] * joint.y;
        blend.z += in_weights[i] * joint.z;
    }
    Rows body_place = rows_at(body.x);
    place = vec4(moved(body_place, moved(blend, at)), 1.0);
    normal = turned(body_place, turned(blend, way));
}
