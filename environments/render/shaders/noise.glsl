uniform sampler2D detail_map;  // slope u, slope v, height, grain
uniform sampler2D cells_map;   // nearest, gap, number, soft noise

const mat2 TURN = mat2(0.788, 0.616, -0.616, 0.788);

#ifdef FAR
// Seen from so far away that only the means are left.
vec4 detail(vec2 place) { return vec4(0.0); }
float soft(vec2 place) { return 0.0; }
vec4 cells(vec2 place) { return vec4(0.356, 0.267, 0.494, 0.500); }
#else
#ifdef QUICK
vec4 detail(vec2 place) { return (texture(detail_map, place) * 2.0 - 1.0) * 1.13; }
#else
// Slope, height and grain in -1..1, two turned copies so that the tile does not show.
vec4 detail(vec2 place) {
    vec4 near = texture(detail_map, place) * 2.0 - 1.0;
    vec4 far = texture(detail_map, TURN * place * 0.381 + 0.37) * 2.0 - 1.0;
    return (near + far) * vec4(0.8);
}
#endif
float soft(vec2 place) { return texture(cells_map, place).a * 2.0 - 1.0; }
vec4 cells(vec2 place) { return texture(cells_map, place); }
#endif
vec4 once(vec2 place) { return texture(detail_map, place) * 2.0 - 1.0; }

// Share of a pixel covered by lines of a width around every whole number; exact box filter, no shimmer.
float lines(float x, float footprint, float width) {
    float w = max(footprint, 1e-4);
    vec2 ends = vec2(x - 0.5 * w, x + 0.5 * w) + 0.5 * width;
    vec2 sums = floor(ends) * width + min(fract(ends), vec2(width));
    return clamp((sums.y - sums.x) / w, 0.0, 1.0);
}
float hash(vec2 cell) {
    vec3 p = fract(vec3(cell.xyx) * 0.1031);
    p += dot(p, p.yzx + 33.33);
    return fract((p.x + p.y) * p.z);
}
// -1 or 1 near the sides of a unit cell, 0 inside: the direction in which an edge is rounded off.
float bevel(float x, float width) {
    float side = fract(x) * 2.0 - 1.0;
    return sign(side) * smoothstep(1.0 - 2.0 * width, 1.0, abs(side));
}
