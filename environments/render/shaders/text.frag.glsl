// Letters from distances to their edges; an edge is always one pixel soft.
#include "frame.glsl"
uniform sampler2D picture;
uniform float spread_texels;
in vec2 texel;
in vec3 world;
flat in vec3 normal;
flat in vec4 ink;
out vec4 colour;
#include "noise.glsl"
#include "sky.glsl"
#include "light.glsl"
void main() {
    float from_edge = (texture(picture, texel / vec2(textureSize(picture, 0))).r * 255.0 - 128.0) / 127.0 * spread_texels;
    vec2 wide = fwidth(texel);
    float pixel = max(0.7071 * length(wide), 1e-4);
    float solid = clamp(from_edge / pixel + 0.5, 0.0, 1.0);
    if (solid <= 0.0) discard;
    vec3 away = world - eye.xyz;
    vec3 lit = sun_irradiance.rgb * (max(dot(normal, sun_direction.xyz), 0.0) * sunlit(world, normal) / PI);
    vec3 light = ink.a > 0.5 ? ink.rgb : ink.rgb * (lit + diffuse_sky(normal));
    light = mix(far_air(normalize(away)), light, exp(-air.x * length(away)));
    colour = vec4(light * solid, solid);
}
