// Black, and solid: neither the scene nor the sky shows here.
out vec4 colour;
void main() { colour = vec4(0.0, 0.0, 0.0, 1.0); }
