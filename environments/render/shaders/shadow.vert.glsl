uniform mat4 light_from_world;
in vec3 in_position;
in mat4 in_transform;
void main() { gl_Position = light_from_world * in_transform * vec4(in_position, 1.0); }
