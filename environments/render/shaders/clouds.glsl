// Clouds: heaps on a flat base in the middle distance, a thin broken sheet high above.  They drift at one speed: a change
// of wind must not move what has already come a long way.
uniform sampler2D heaps_map;  // clouds.py: height of the tops over the base
const float TILE_M = 10000.0, BASE_M = 1700.0, TOP_M = 900.0;
#ifdef QUICK
const int SLABS = 10, HALVINGS = 2, LIT_FIRST = 1, LIT_LAST = 2;
const float LIT_SHARE = 1.6;
#else
const int SLABS = 24, HALVINGS = 3, LIT_FIRST = 1, LIT_LAST = 3;
const float LIT_SHARE = 1.0;
#endif

vec2 cloud_place(vec3 way) {
    return way.xz / (max(way.y, 0.0) + 0.055) * 0.55 + vec2(0.004, 0.0017) * eye.w * 0.65;
}
float cloud_density(vec2 place, float large) {
    float middle = texture(detail_map, TURN * place * 0.37 + 0.21).b;
    float small = texture(detail_map, place * 1.31 + 0.43).b;
    return smoothstep(0.0, 0.30, large * 0.62 + middle * 0.28 + small * 0.10 - mix(0.74, 0.36, air.y * air.y));
}
// What the heaps hide of a direction, and their light: the ray is followed from their base up to their tops.
float heap_top(vec2 place, float fineness) { return 1.4 * textureLod(heaps_map, place, fineness).r; }
vec4 heaps(vec3 way) {
    vec2 slant = way.xz / (max(way.y, 0.0) + 0.025) / TILE_M;
    float fineness = log2(max(length(fwidth(slant)) * BASE_M * 1024.0, 1e-3));
#ifdef MIRRORED
    fineness += 1.0;
#endif
    if (way.y < 0.004 || air.y <= 0.0) return vec4(0.0);
    vec2 drift = vec2(0.0006, 0.00025) * eye.w * 0.65;
    // Heaps lower than this have not grown yet; here more, there fewer.
    float many = textureLod(detail_map, TURN * (drift + slant * BASE_M) * 0.31, 3.0).b;
    float bar = mix(0.76, 0.06, air.y * (1.6 - 0.6 * air.y)) + 1.0 * (0.5 - many);
    // As coarse as the way from slab to slab, whatever the size of a pixel, or the slabs would show as teeth.
    float steep = dot(slant, slant) * TILE_M * TILE_M;
    float coarse = max(log2(0.004 * (1.0 + steep) * BASE_M / TILE_M * 1024.0), log2(length(slant) * TOP_M / float(SLABS) * 1024.0) + 0.4);
    float best = -1.0, outside = 0.0, rise = -1.0;
    vec2 before = vec2(-1.0);
    for (int i = 0; i <= SLABS && best < 0.25; ++i) {
        float up = float(i) / float(SLABS);
        float over = heap_top(drift + slant * (BASE_M + TOP_M * up), coarse) - bar - up;
        if (over > best && rise < 0.0) outside = up;
        if (over > 0.0 && rise < 0.0) {
            // The side of the heap is met between two slabs.
            float low = max(up - 1.0 / float(SLABS), 0.0), high = up;
            for (int k = 0; k < HALVINGS && i > 0; ++k) {
                float between = 0.5 * (low + high);
                if (heap_top(drift + slant * (BASE_M + TOP_M * between), coarse) - bar > between) high = between;
                else low = between;
            }
            rise = i > 0 ? 0.5 * (low + high) : 0.0;
        }
        // The nearest miss lies between slabs as well: the top of a parabola through three of them.
        float curve = before.x - 2.0 * before.y + over;
        if (i > 1 && before.y >= max(before.x, over) && curve < 0.0) best = max(best, before.y - (over - before.x) * (over - before.x) / (8.0 * curve));
        best = max(best, over);
        before = vec2(before.y, over);
    }
    if (rise < 0.0) rise = outside;
    vec2 place = drift + slant * (BASE_M + TOP_M * rise);
#ifdef MIRRORED
    float lump = 0.66, solid = smoothstep(-0.12, 0.20, best);
#else
    // Edges and sides are lumpy like a cauliflower; the lumps lean with height, so that they show on walls too.
    float lump = 1.0 - textureLod(cells_map, TURN * place * 4.0 + rise * vec2(0.36, 0.05), fineness).r;
    lump = 0.65 * lump + 0.35 * (1.0 - textureLod(cells_map, place * 11.0 + rise * vec2(-0.2, 0.98), fineness + 1.4).r);
    best += 0.36 * (lump - 0.66);
    float solid = smoothstep(-0.10, 0.30, best);
#endif
    if (solid <= 0.0) return vec4(0.0);
    float inward = 0.0;
    for (int i = LIT_FIRST; i <= LIT_LAST; ++i) {
        float step_m = 60.0 * float(i * i);
        vec3 on = vec3(sun_direction.xz * step_m / TILE_M, max(sun_direction.y, 0.05) * step_m / TOP_M).xzy;
        inward += max(heap_top(place + on.xz, max(coarse - 1.5, fineness)) - bar - rise - on.y, 0.0) * (0.5 + 0.4 * float(i)) * LIT_SHARE;
    }
    float towards = max(dot(way, sun_direction.xyz), 0.0);
    float thin = 1.0 - smoothstep(0.0, 0.35, best);
    float silver = 1.0 + thin * (0.4 + 2.2 * pow(towards, 12.0));
    vec3 lit = sun_irradiance.rgb * (0.185 * silver) * exp(-3.2 * inward) * (0.68 + 0.5 * lump);
    // The base sees less sky, the less the thicker the heap over it.
    float high = smoothstep(0.0, 0.6, rise), thick = smoothstep(0.05, 0.7, heap_top(place, coarse) - bar - rise);
    vec3 shade = sky_up.rgb * mix(0.78 - 0.16 * thick, 0.90, max(high, 0.5 * thin)) + sun_irradiance.rgb * 0.022;
    return vec4(lit + shade, solid);
}
// Sky with drifting clouds; detail fades out where the layers meet the horizon.  a: how much cloud hides.
vec4 sky_with_clouds(vec3 way) {
    vec3 clear = grey_cover(clear_sky(way));
    vec3 air_there = grey_cover(clear_sky(normalize(vec3(way.x, 0.012, way.z))));
    vec2 place = cloud_place(way);
    float large = texture(detail_map, place * 0.11).b;
    float dense = cloud_density(place, large);
    // Thickness towards the sun, from the slope of the large shapes.
    float inward = smoothstep(0.0, 0.22, texture(detail_map, (place + sun_direction.xz * 0.09) * 0.11).b - mix(0.68, 0.36, air.y) + 0.10);
    float towards = max(dot(way, sun_direction.xyz), 0.0);
    float silver = 0.6 + 1.9 * pow(towards, 10.0);
    vec3 light = sun_irradiance.rgb * (0.085 * silver) * exp(-1.3 * inward) * (1.0 - 0.35 * dense);
    vec3 shade = sky_up.rgb * (0.85 - 0.25 * dense) + air_there * 0.22;
    float veil = dense * smoothstep(0.0, 0.11, way.y) * mix(0.5, 0.94, air.y);
    vec3 high = mix(clear, light + shade, veil);
    vec4 low = heaps(way);
    // Far heaps take the colour of the air before them.
    float near = smoothstep(0.0, 0.16, way.y);
    low.rgb = mix(air_there, low.rgb, 0.25 + 0.75 * near);
    low.a *= smoothstep(0.004, 0.05, way.y);
    return vec4(mix(high, low.rgb, low.a), max(veil, low.a));
}
