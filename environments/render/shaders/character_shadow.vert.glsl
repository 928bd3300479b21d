uniform mat4 light_from_world;
#include "character.glsl"
void main() {
    vec4 place;
    vec3 normal;
    pose(gl_InstanceID, place, normal);
    gl_Position = light_from_world * place;
}
