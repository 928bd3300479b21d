uniform sampler2D picture;
uniform float opacity;
in vec2 uv;
out vec4 colour;
void main() {
    vec4 ink = texture(picture, uv);
    vec2 width = fwidth(uv);
    vec2 rim = clamp(min(uv, 1.0 - uv) / max(width, vec2(1e-5)) + 0.5, 0.0, 1.0);
    colour = vec4(ink.rgb, ink.a * opacity * rim.x * rim.y);
}
