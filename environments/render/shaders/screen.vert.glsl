// One triangle that covers the picture.
out vec2 place;
out float gl_ClipDistance[1];
void main() {
    place = vec2(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0);
    gl_Position = vec4(place, 1.0, 1.0);
    gl_ClipDistance[0] = 1.0;
}
