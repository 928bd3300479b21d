// One row of numbers for each surface (surfaces.py has the same order), handed on from vertex to fragment.
#ifdef FRAGMENT
#define HANDED flat in
#else
#ifdef CORNERS
#define HANDED
#else
#define HANDED flat out
#endif
uniform sampler2D surfaces_map;
#endif
HANDED vec4 base_roughness;
HANDED vec4 emission_metallic;
HANDED vec4 pattern;  // scale m, opacity, sway m at the top, height of the mesh m
#ifdef TEXTURED
HANDED vec4 layers;   // of base colour, occlusion-roughness-metallic, normal, emission; -1: none
HANDED vec4 more;     // layer of baked light, its scale, alpha cut-off, strength of the normals
HANDED vec4 uv_right; // first row of the texture transform, strength of occlusion
HANDED vec4 uv_down;
#endif
#ifndef FRAGMENT
void set_surface(int row) {
    base_roughness = texelFetch(surfaces_map, ivec2(0, row), 0);
    emission_metallic = texelFetch(surfaces_map, ivec2(1, row), 0);
    pattern = texelFetch(surfaces_map, ivec2(2, row), 0);
#ifdef TEXTURED
    layers = texelFetch(surfaces_map, ivec2(3, row), 0);
    more = texelFetch(surfaces_map, ivec2(4, row), 0);
    uv_right = texelFetch(surfaces_map, ivec2(5, row), 0);
    uv_down = texelFetch(surfaces_map, ivec2(6, row), 0);
#endif
}
#endif
