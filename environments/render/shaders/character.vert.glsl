#include "frame.glsl"
#include "eyes.glsl"
#include "material.glsl"
#include "character.glsl"
#include "handed.glsl"

void main() {
    vec4 place;
    pose(place, normal);
    set_surface(the_part().z);
    number = fract(float(the_part().w) * 0.618034);
    world = place.xyz;
    set_uv(vec2(0.0));
    see(place);
}
