// Mist that lies on a lake (its amount is sea.y): thick at the water, torn above, drifting slowly.  v: 0 at its ends.
void detail_of(inout Point p, vec2 uv, vec3 world, vec3 view) {
    float up = world.y - sea.x;
    vec2 drift = vec2(0.35, 0.0) * eye.w;
    float large = once((vec2(uv.x, up * 2.2) + drift) * 0.008).z;
    float small = once((vec2(uv.x, up * 1.7) + 1.7 * drift) * 0.031 + 0.4).z;
    float top = pattern.x * (0.35 + 0.85 * sea.y) * (0.75 + 0.45 * large + 0.15 * small);
    float thick = smoothstep(-0.05, 0.25 * top, up) * smoothstep(top, 0.12 * top, up) * (0.62 + 0.35 * large + 0.25 * small);
    float veil = clamp(thick, 0.0, 1.0) * sea.y * uv.y * pattern.y * smoothstep(3.0, 9.0, length(world - eye.xyz));
    // Mist does not shine: this makes the reflectance of light.glsl nothing at this roughness.
    p.albedo = vec3(-0.0743);
    p.metallic = 1.0;
    p.roughness = 1.0;
    if (veil < 0.003) discard;
    float towards = max(dot(-view, sun_direction.xyz), 0.0);
    vec3 lit = sky_up.rgb * 0.72 + far_air(-view) * 0.16 + sun_irradiance.rgb * (0.016 + 0.05 * pow(towards, 6.0));
    p.glow = lit * veil;
    p.opacity = veil;
}
