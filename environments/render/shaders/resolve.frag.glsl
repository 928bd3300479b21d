// Samples averaged after a soft compression (bright edges stay smooth), the sky behind what is not solid, then AgX and
// dithering.
#include "frame.glsl"
#if SAMPLES > 1
uniform sampler2DMS linear_map;
#else
uniform sampler2D linear_map;
#endif
uniform sampler2D sky_light_map;  // one eye's
uniform sampler2D sky_shown_map;  // the same after tone mapping
uniform vec2 eye_px;
uniform float fade;
out vec4 colour;
#include "tone.glsl"

vec3 behind(vec4 light, vec3 sky) { return max((light.rgb + (1.0 - light.a) * sky) * air.w, vec3(0.0)); }

void main() {
    ivec2 pixel = ivec2(gl_FragCoord.xy);
    vec2 at = gl_FragCoord.xy / eye_px;
    at.x -= float(here());
    vec4 samples[SAMPLES];
    vec4 any = vec4(0.0);
    for (int i = 0; i < SAMPLES; ++i) {
        samples[i] = texelFetch(linear_map, pixel, i);
        any = max(any, abs(samples[i]));
    }
    vec3 shown;
    if (max(max(any.r, any.g), max(any.b, any.a)) > 0.0) {
        vec3 sky = textureLod(sky_light_map, at, 0.0).rgb, sum = vec3(0.0);
        float weight = 0.0;
        for (int i = 0; i < SAMPLES; ++i) {
            vec3 light = behind(samples[i], sky);
            float w = 1.0 / (1.0 + max(light.r, max(light.g, light.b)));
            sum += light * w;
            weight += w;
        }
        shown = agx(sum / weight);
    } else {
        shown = textureLod(sky_shown_map, at, 0.0).rgb;
    }
    float noise = fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715))));
    colour = vec4(shown * (1.0 - fade) + (noise - 0.5) / 255.0, 1.0);
}
