#include "frame.glsl"
#include "shoreline.glsl"
in vec2 in_place;
out vec3 world;
out float lift;
void main() {
    vec2 place = vec2(in_place.x + eye.x * 0.0, shore.x + in_place.y);
    float up = wave_height(place);
    float thick = run_edge(place.x) - place.y;
    float film = sand_height(place.y) + (thick > 0.0 ? 0.03 * (1.0 - exp(-thick * 1.5)) : -0.05 + thick * 0.02);
    float open_sea = sea.x + up;
    lift = up;
    float height = max(open_sea, film);
    world = vec3(place.x, height, place.y);
    gl_Position = clip_from_world * vec4(world, 1.0);
}
