// A polynomial close to the sRGB curve (error under .002).
vec3 linear_of(vec3 coded) { return coded * (coded * (coded * 0.305306011 + 0.682171111) + 0.012522878); }
