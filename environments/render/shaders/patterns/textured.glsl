// Pictures as glTF 2.0 means them, each times the material's own number.
uniform sampler2DArray colors_map;  // sRGB-coded
uniform sampler2DArray data_map;
in vec2 light_uv;
in vec4 vertex_color;

#include "srgb.glsl"
#include "cut_out.glsl"

void detail_of(inout Point p, vec2 uv, vec3 world, vec3 view) {
    p.albedo *= vertex_color.rgb;
    p.opacity *= vertex_color.a;
    if (layers.x >= 0.0) {
        vec4 base = texture(colors_map, vec3(uv, layers.x));
        p.albedo *= linear_of(base.rgb);
        p.opacity *= base.a;
    }
#ifndef NO_DATA
    if (layers.y >= 0.0) {
        vec3 surface_data = texture(data_map, vec3(uv, layers.y)).rgb;
        p.open = 1.0 + uv_right.w * (surface_data.r - 1.0);
        p.roughness *= surface_data.g;
        p.metallic *= surface_data.b;
    }
#endif
    p.roughness = clamp(p.roughness, 0.045, 1.0);
#ifndef NO_SLOPE
    if (layers.z >= 0.0) {
        vec3 bent = texture(data_map, vec3(uv, layers.z)).xyz * 2.0 - 1.0;
        bent.xy *= more.w;
        p.normal = normalize(p.across * bent.x - p.along * bent.y + p.normal * max(bent.z, 0.05));
    }
#endif
#ifndef NO_GLOW
    if (layers.w >= 0.0) p.glow *= linear_of(texture(colors_map, vec3(uv, layers.w)).rgb);
#endif
#ifndef NO_BAKED
    if (more.x >= 0.0) p.baked = linear_of(texture(colors_map, vec3(light_uv, more.x)).rgb) * more.y;
#endif
    if (more.z > 0.0) p.opacity = cut(p.opacity, more.z, uv);
}
