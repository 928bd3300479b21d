#ifdef TEXTURED
#include "material.glsl"
uniform sampler2DArray colors_map;
in vec2 uv;
in float faintness;
void main() {
    float alpha = pattern.y * faintness;
    if (layers.x >= 0.0) alpha *= texture(colors_map, vec3(uv, layers.x)).a;
    if (alpha < more.z) discard;
}
#else
void main() {}
#endif
