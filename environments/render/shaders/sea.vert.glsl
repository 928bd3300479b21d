#include "frame.glsl"
#include "eyes.glsl"
#include "shoreline.glsl"
in vec2 in_place;
out vec3 world;
out vec3 swell_lift;
void main() {
    vec2 place = vec2(in_place.x, shore.x + in_place.y);
    float up = wave_height(place);
    float thick = run_edge(place.x) - place.y;
    float film = sand_height(place.y) + (thick > 0.0 ? 0.03 * (1.0 - exp(-thick * 1.5)) : -0.05 + thick * 0.02);
    float open_sea = sea.x + up;
    float along = wave_height(place + vec2(0.0, 0.2)) - up, across = wave_height(place + vec2(1.0, 0.0)) - up;
    swell_lift = vec3(across, along * 5.0, up);
    float height = max(open_sea, film);
    world = vec3(place.x, height, place.y);
    see(vec4(world, 1.0));
}
