layout(std140) uniform Surface {
    vec4 base_roughness;
    vec4 emission_metallic;
    vec4 pattern;  // scale m, opacity, sway m at the top, height of the mesh m
};
