// Samples averaged after a soft compression (bright edges stay smooth), then AgX and dithering.
#include "frame.glsl"
#if SAMPLES > 1
uniform sampler2DMS linear_map;
#else
uniform sampler2D linear_map;
#endif
uniform float fade;
in vec2 place;
out vec4 colour;

vec3 resolved(ivec2 pixel) {
    vec3 sum = vec3(0.0);
    float weight = 0.0;
    for (int i = 0; i < SAMPLES; ++i) {
        vec3 light = max(texelFetch(linear_map, pixel, i).rgb * air.w, vec3(0.0));
        float w = 1.0 / (1.0 + max(light.r, max(light.g, light.b)));
        sum += light * w;
        weight += w;
    }
    return sum / weight;
}
// AgX: T. Sobotka's display transform; the curve is a polynomial fitted to it, then a little more contrast and colour.
vec3 agx(vec3 light) {
    const mat3 into = mat3(0.842479, 0.0423283, 0.0423757, 0.0784336, 0.878469, 0.0784336, 0.0792237, 0.0791661, 0.879143);
    const mat3 back = mat3(1.19688, -0.0528969, -0.0529716, -0.0980209, 1.15190, -0.0980434, -0.0990297, -0.0989612, 1.15107);
    vec3 x = clamp((log2(max(into * light, vec3(1e-10))) + 12.47393) / 16.5, 0.0, 1.0);
    vec3 x2 = x * x, x4 = x2 * x2;
    vec3 y = 15.5 * x4 * x2 - 40.14 * x4 * x + 31.96 * x4 - 6.868 * x2 * x + 0.4298 * x2 + 0.1191 * x - 0.00232;
    vec3 deeper = pow(max(y, 0.0), vec3(1.18));
    float grey = dot(deeper, vec3(0.2126, 0.7152, 0.0722));
    y = grey + 1.32 * (deeper - grey);
    return clamp(back * y, 0.0, 1.0);
}
void main() {
    vec3 shown = agx(resolved(ivec2(gl_FragCoord.xy))) * (1.0 - fade);
    float noise = fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715))));
    colour = vec4(shown + (noise - 0.5) / 255.0, 1.0);
}
