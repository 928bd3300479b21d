// What a vertex of a lit surface hands on to its pixels; a surface lit at its corners needs all of it there.
#ifdef CORNERS
#define HANDS_ON
#else
#define HANDS_ON out
#endif
in vec2 in_uv;
#ifdef TEXTURED
in vec4 in_color;
HANDS_ON vec2 light_uv;
HANDS_ON vec4 vertex_color;
#endif
HANDS_ON vec3 world;
HANDS_ON vec3 normal;
HANDS_ON vec2 uv;
#ifdef CORNERS
float number;
#else
flat out float number;
#endif
void set_uv(vec2 of_light) {
    uv = in_uv;
#ifdef TEXTURED
    vec3 from = vec3(in_uv, 1.0);
    uv = vec2(dot(uv_right.xyz, from), dot(uv_down.xyz, from));
    light_uv = of_light;
    vertex_color = in_color;
#endif
}
