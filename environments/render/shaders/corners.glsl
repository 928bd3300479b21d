// Lights a surface with pictures at a vertex, where triangles are so small that light hardly changes within one: all that
// object.frag.glsl does but for the picture of normals.  Light is linear in the base colour, which comes with the pixel.
out vec4 share;      // of the base colour that is seen; u
out vec4 added;      // what is seen whatever the base colour; v
flat out vec4 glow;  // the surface's own light; layer of its picture
flat out float base_layer;
#ifdef CUT_OUT
out vec2 holes;      // opacity, and how little of it is left out
#endif
uniform sampler2DArray colors_map;
uniform sampler2DArray data_map;
#include "sky.glsl"
#include "light.glsl"
#include "srgb.glsl"
const float CORNER_PX = 32.0;  // pictures are read at this size

vec4 seen_at_corner(sampler2DArray map, vec3 place) {
    return textureLod(map, place, max(log2(float(textureSize(map, 0).x) / CORNER_PX), 0.0));
}
void light_corner() {
    vec3 away = world - (eye_index() == 0 ? eye_of[0] : eye_of[1]).xyz, n = normalize(normal);
    float distance_m = length(away);
    vec3 view = -away / distance_m;
    vec3 kind = vec3(1.0, base_roughness.a, emission_metallic.a);  // share of the sky seen, roughness, metallic
#ifndef NO_DATA
    if (layers.y >= 0.0) {
        kind *= seen_at_corner(data_map, vec3(uv, layers.y)).rgb;
        kind.x = 1.0 + uv_right.w * (kind.x - 1.0);
    }
#endif
    float roughness = clamp(kind.y, 0.045, 1.0), metallic = kind.z;
    vec3 from_around = diffuse_sky(n);
#ifndef NO_BAKED
    if (more.x >= 0.0) from_around = linear_of(textureLod(colors_map, vec3(light_uv, more.x), 0.0).rgb) * more.y;
#endif

    float sun = max(dot(n, sun_direction.xyz), 0.0);
    vec3 sunshine = sun > 0.0 ? sun_irradiance.rgb * sunlit(world, n) : vec3(0.0);
    vec3 reached = sunshine * (sun / PI) + from_around * kind.x;
    vec3 bounce = reflect(-view, n);
    vec3 mirrored = surroundings(bounce, roughness) * clamp(kind.x * (1.0 + min(bounce.y * 2.0, 0.0)), 0.25, 1.0);
#ifdef CUT_OUT
    // As object.frag.glsl lights leaves, which carry the normals of the whole crown.
    float facing = max(dot(n, view), 0.3);
    mirrored *= smoothstep(-0.1, 0.4, dot(n, view));
    holes = vec2(pattern.y * vertex_color.a, more.z);
#else
    float facing = max(dot(n, view), 0.0);
#endif
    vec3 none = fresnel_rough(vec3(0.0), facing, roughness) * mirrored + sun_gloss(vec3(0.0), n, view, roughness) * sunshine;
    vec3 all = fresnel_rough(vec3(1.0), facing, roughness) * mirrored + sun_gloss(vec3(1.0), n, view, roughness) * sunshine;
#ifdef LAMPS
    vec3 twice = vec3(0.0);
    add_lamps(world, n, view, vec3(0.0), roughness, reached, none);
    add_lamps(world, n, view, vec3(1.0), roughness, twice, all);
#endif
    vec3 gloss = all - none;  // for each part of f0

    float clear = exp(-air.x * distance_m);
    share = vec4(base_roughness.rgb * vertex_color.rgb * mix(reached, gloss, metallic) * clear, uv.x);
    added = vec4(mix(far_air(-view), none + 0.04 * (1.0 - metallic) * gloss, clear), uv.y);
    glow = vec4(emission_metallic.rgb * clear, layers.w);
    base_layer = layers.x;
}
