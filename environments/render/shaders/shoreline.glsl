// The wet edge: where the water's film ends on the sand, and how the swell comes in.
// The beach is a plane of slope shore.z that meets the still water at z = shore.x; +z is up the beach.
float lobe(float x, float wave) {
    float seed = wave * 7.31;
    return 0.5 * sin(x * 0.21 + seed) + 0.3 * sin(x * 0.47 + 1.7 * seed) + 0.2 * sin(x * 1.13 + 2.3 * seed);
}
float run_reach() { return 1.3 + 3.4 * sea.y; }
// How far up the sand (z) the film reaches at x now.
float run_edge(float x) {
    float wave = floor(shore.y);
    return shore.x - 0.9 + (run_reach() * (0.82 + 0.18 * lobe(x, wave)) + 0.9) * sea.w;
}
float sand_height(float z) { return sea.x + (z - shore.x) * shore.z; }

const float WAVE_SPACING_M = 14.0;
// Position in the row of waves; a crest is wherever it is a whole number, moving in with time.
float wave_phase(vec2 place) {
    float out_m = shore.x - place.y;
    return out_m / WAVE_SPACING_M + shore.y + 0.07 * sin(place.x * 0.043) + 0.05 * sin(place.x * 0.11 + 1.0);
}
float wave_height(vec2 place) {
    float out_m = shore.x - place.y;
    float size = (0.10 + 0.42 * sea.y) * smoothstep(0.5, 16.0, out_m) * (1.0 - 0.75 * smoothstep(50.0, 400.0, out_m));
    float steep = mix(4.0, 1.5, smoothstep(5.0, 60.0, out_m));
    float t = fract(wave_phase(place));
    float skewed = t < 0.72 ? t / 1.44 : 0.5 + (t - 0.72) / 0.56;
    return size * (exp(steep * (cos(2.0 * PI * skewed) - 1.0)) - 0.25);
}
