// A letter's quad; its texels are those of the atlas.
#include "frame.glsl"
#include "eyes.glsl"
in vec3 in_corner;
in vec3 in_right;
in vec3 in_up;
in vec4 in_texels;
in vec4 in_ink;
out vec2 texel;
out vec3 world;
flat out vec3 normal;
flat out vec4 ink;   // colour, 1 where it glows
void main() {
    vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
    world = in_corner + in_right * corner.x + in_up * corner.y;
    texel = in_texels.xy + vec2(corner.x, 1.0 - corner.y) * in_texels.zw;
    normal = normalize(cross(in_right, in_up));
    ink = in_ink;
    see(vec4(world, 1.0));
}
