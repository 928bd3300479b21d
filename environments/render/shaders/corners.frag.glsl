// A surface that was lit at its corners (corners.glsl).
in vec4 share;
in vec4 added;
flat in vec4 glow;
flat in float base_layer;
uniform sampler2DArray colors_map;  // sRGB-coded
out vec4 colour;
#include "srgb.glsl"
#ifdef CUT_OUT
in vec2 holes;
#include "cut_out.glsl"
#include "cover.glsl"
#endif

vec3 pictured(vec2 uv, float layer) {
    return layer < 0.0 ? vec3(1.0) : linear_of(texture(colors_map, vec3(uv, layer)).rgb);
}
void main() {
    vec2 uv = vec2(share.a, added.a);
#ifdef CUT_OUT
    float alpha = base_layer < 0.0 ? 1.0 : texture(colors_map, vec3(uv, base_layer)).a;
    cover(cut(holes.x * alpha, holes.y, uv));
#endif
    vec3 light = added.rgb + share.rgb * pictured(uv, base_layer);
#ifdef NO_GLOW
    light += glow.rgb;
#else
    if (max(glow.r, max(glow.g, glow.b)) > 0.0) light += glow.rgb * pictured(uv, glow.a);
#endif
    colour = vec4(max(light, 0.0), 1.0);
}
