// Depths from another map, texel by texel.
uniform sampler2D depth_map;
uniform ivec2 from_px;  // where the copied part begins, less where it begins in the other map
void main() { gl_FragDepth = texelFetch(depth_map, ivec2(gl_FragCoord.xy) - from_px, 0).r; }
