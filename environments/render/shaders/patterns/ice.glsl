#include "moon.glsl"
// Glacier ice: facets, blue from within where it is thick, frost and snow on what looks up.
void detail_of(inout Point p, vec2 uv, vec3 world, vec3 view) {
    vec3 face = normalize(cross(dFdx(world), dFdy(world)));
    face *= dot(face, p.normal) < 0.0 ? -1.0 : 1.0;
    p.normal = normalize(mix(p.normal, face, 0.72));
    vec3 weight = pow(abs(p.normal), vec3(4.0));
    weight /= weight.x + weight.y + weight.z;
    vec3 place = world / pattern.x;
    vec4 dx = once(place.zy * 0.17), dy = once(place.xz * 0.17), dz = once(place.xy * 0.17);
    vec4 fine = once(place.zy * 1.3) * weight.x + once(place.xz * 1.3) * weight.y + once(place.xy * 1.3) * weight.z;
    vec3 slope = vec3(0.0, dx.y, dx.x) * weight.x + vec3(dy.x, 0.0, dy.y) * weight.y + vec3(dz.x, dz.y, 0.0) * weight.z;
    float height = dx.z * weight.x + dy.z * weight.y + dz.z * weight.z;
    float up = p.normal.y;
    p.normal = normalize(p.normal - 0.24 * slope - 0.11 * vec3(fine.x * weight.z, fine.y, fine.x * weight.x));
    // Layers of old summers run nearly level; the ice between them is clear and blue.
    float layer = world.y * 0.42 + 0.7 * height + 1.4 * once(world.xz * 0.006).b;
    float clear = 0.5 + 0.28 * sin(layer * 2.1) + 0.16 * sin(layer * 5.3 + 1.0) + 0.16 * height;
    float cracks = cells(vec2(place.z + place.x, place.y * 0.45) * 0.09).g;
    float veins = smoothstep(0.026, 0.0, cracks) * 0.5;
    float low = smoothstep(-3.0, 15.0, world.y);
    float frost = smoothstep(0.30, 0.62, up + 0.16 * height + 0.10 * fine.z);
    float dust = 0.35 * smoothstep(0.05, 0.45, up + 0.25 * height + 0.15 * fine.z);
    vec3 deep = mix(vec3(0.36, 0.66, 0.82), vec3(0.05, 0.27, 0.50), clamp(clear, 0.0, 1.0));
    deep = mix(deep * vec3(0.50, 0.72, 0.90), deep, low);
    p.albedo = mix(mix(deep, vec3(0.62, 0.80, 0.90), max(veins, dust)), vec3(0.82, 0.88, 0.94), frost);
    p.roughness = mix(0.20 + 0.12 * (1.0 - clear), 0.85, max(frost, dust)) + 0.05 * fine.w;
    p.open *= mix(0.50, 1.0, low) * (0.85 + 0.15 * smoothstep(-0.6, 0.5, height));
    float level = sky_level();
    // Light that has travelled through the ice comes out blue, most of it where the wall is thin: at edges and crests.
    float thin = pow(1.0 - clamp(abs(dot(p.normal, view)), 0.0, 1.0), 2.5);
    vec3 within = mix(vec3(0.02, 0.16, 0.40), vec3(0.16, 0.58, 0.78), thin) * (0.22 + 0.5 * thin + 0.30 * low);
    p.glow += within * level * (1.0 - frost) * (0.85 + 0.15 * height);
    float through = max(dot(-p.normal, MOON), 0.0) * (1.0 - frost);
    p.glow += p.albedo * moonlight(p.normal, level) * mix(0.55, 1.0, low);
    p.glow += vec3(0.03, 0.22, 0.40) * (level * 0.55 * through * low * step(0.0001, views.w));
    p.glow += aurora_glow(p.albedo, p.normal, level) * mix(0.5, 1.2, low);
}
