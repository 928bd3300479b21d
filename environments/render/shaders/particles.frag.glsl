in vec2 corner;
flat in vec4 tint;
flat in float kind;
out vec4 colour;
void main() {
    float apart = dot(corner, corner);
    // A leaf is where two circles overlap; all else is a soft dot.
    float leaf = length(vec2(abs(corner.x) * 1.25 + 0.75, corner.y));
    float inside = kind > 3.5 ? smoothstep(1.28, 1.18, leaf) : (1.0 - smoothstep(0.0, 1.0, apart));
    float solid = tint.a * inside;
    colour = vec4(tint.rgb * solid, kind > 2.5 && kind < 3.5 ? 0.0 : solid);
}
