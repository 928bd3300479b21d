// Samples averaged after a soft compression (bright edges stay smooth; quick pictures do without), the sky behind what is
// not solid, then AgX and dithering.  No branch: software runs both of its sides.
#include "frame.glsl"
#if SAMPLES > 1
uniform sampler2DMS linear_map;
#else
uniform sampler2D linear_map;
#endif
uniform sampler2D sky_light_map;  // one eye's, or those of both
uniform float skies;
uniform vec2 eye_px;
uniform float fade;
uniform float see_through;  // 1: where nothing stands the picture is clear
uniform vec4 vignette;  // ahead of the head, and how strong
out vec4 colour;
#include "tone.glsl"

void main() {
    vec2 at = gl_FragCoord.xy / eye_px - vec2(float(here()), 0.0);
    vec3 way = normalize((ray_from_clip[here()] * vec4(2.0 * at - 1.0, 1.0, 1.0)).xyz);
    // Open by 75 degrees to each side without it, by 32 with all of it, over 12 degrees.
    float inner = radians(mix(75.0, 32.0, vignette.w));
    float open = smoothstep(cos(inner + radians(12.0)), cos(inner), dot(way, vignette.xyz));
    float lit = (1.0 - fade) * mix(1.0, open, min(4.0 * vignette.w, 1.0));
    // Each eye's own half, without what lies just over the middle.
    float margin = 0.5 * skies / float(textureSize(sky_light_map, 0).x);
    at.x = (clamp(at.x, margin, 1.0 - margin) + (skies > 1.5 ? float(here()) : 0.0)) / skies;
    vec3 sky = textureLod(sky_light_map, at, 0.0).rgb * (1.0 - see_through);
    float solid = 0.0;
#if defined(QUICK) && SAMPLES > 1
    vec4 mean = vec4(0.0);
    for (int i = 0; i < SAMPLES; ++i) mean += texelFetch(linear_map, ivec2(gl_FragCoord.xy), i);
    mean /= float(SAMPLES);
    vec4 sum = vec4(mean.rgb + (1.0 - mean.a) * sky, 1.0);
#else
    vec4 sum = vec4(0.0);  // light, and its weight
    for (int i = 0; i < SAMPLES; ++i) {
        vec4 texel = texelFetch(linear_map, ivec2(gl_FragCoord.xy), i);
        solid += texel.a / float(SAMPLES);
        vec3 light = texel.rgb + (1.0 - texel.a) * sky;
        sum += vec4(light, 1.0) / (1.0 + air.w * max(max(light.r, light.g), max(light.b, 0.0)));
    }
#endif
    float noise = fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715))));
    float cover = mix(1.0, clamp(solid, 0.0, 1.0), see_through);
    vec3 toned = agx(sum.rgb * (air.w / sum.a) / max(cover, 0.004)) * cover;
    colour = vec4(toned * lit + (noise - 0.5) / 255.0, cover * mix(1.0, 1.0 - fade, see_through));
}
