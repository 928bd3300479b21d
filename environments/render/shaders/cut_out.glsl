// How solid what is cut out of a picture is at a pixel; nothing is drawn where it is not.
float cut(float opacity, float least, vec2 uv) {
    // Smaller copies of a picture blur its gaps into its leaves; without this, trees would thin out with distance.
    vec2 texels = fwidth(uv) * vec2(textureSize(colors_map, 0).xy);
    opacity *= 1.0 + 0.25 * max(log2(max(texels.x, texels.y)), 0.0);
#if SAMPLES > 1
    opacity = clamp((opacity - least) / max(fwidth(opacity), 1e-4) + 0.5, 0.0, 1.0);
    if (opacity <= 0.0) discard;
    return opacity;
#else
    if (opacity < least) discard;
    return 1.0;
#endif
}
