uniform mat4 clip_from_panel;
out vec2 uv;
void main() {
    vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
    uv = vec2(corner.x, 1.0 - corner.y);
    gl_Position = clip_from_panel * vec4(corner - 0.5, 0.0, 1.0);
}
