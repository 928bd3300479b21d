// As many of the pixel's samples as it is solid; which ones differs from pixel to pixel.
void cover(float solid) {
#if SAMPLES > 1 && defined(GL_ARB_sample_shading)
    int samples = (1 << int(solid * float(SAMPLES) + 0.5)) - 1, turn = (int(gl_FragCoord.x) + 2 * int(gl_FragCoord.y)) % SAMPLES;
    gl_SampleMask[0] = ((samples << turn) | (samples >> (SAMPLES - turn))) & ((1 << SAMPLES) - 1);
#endif
}
