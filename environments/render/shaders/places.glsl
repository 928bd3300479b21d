// Where an instance stands: three rows of its object-to-world matrix, and the row of its surface.
#ifdef LOOSE
uniform sampler2D places_map;  // four texels for each place, 256 places in a row
uniform int first_place;
mat4 place_of_instance(out int surface) {
    int number = first_place + body_of_instance();
    ivec2 at = ivec2((number & 255) * 4, number >> 8);
    surface = int(texelFetch(places_map, at + ivec2(3, 0), 0).x);
    vec4 a = texelFetch(places_map, at, 0), b = texelFetch(places_map, at + ivec2(1, 0), 0);
    vec4 c = texelFetch(places_map, at + ivec2(2, 0), 0);
    return transpose(mat4(a, b, c, vec4(0.0, 0.0, 0.0, 1.0)));
}
#else
in vec4 in_row_x;
in vec4 in_row_y;
in vec4 in_row_z;
in float in_surface;
mat4 place_of_instance(out int surface) {
    surface = int(in_surface);
    return transpose(mat4(in_row_x, in_row_y, in_row_z, vec4(0.0, 0.0, 0.0, 1.0)));
}
#endif
