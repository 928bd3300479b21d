// AgX: T. Sobotka's display transform.  Its curve with a little more contrast is one polynomial (error under .1/255),
// its last matrix holds a little more colour.
vec3 agx(vec3 light) {
    const mat3 into = mat3(0.842479, 0.0423283, 0.0423757, 0.0784336, 0.878469, 0.0784336, 0.0792237, 0.0791661, 0.879143);
    const mat3 back = mat3(1.5118612, -0.1378588, -0.1379583, -0.3582125, 1.2916344, -0.3582939, -0.1538193, -0.1537338, 1.4963071);
    vec3 x = clamp((log2(max(into * light, vec3(1e-10))) + 12.47393) / 16.5, 0.0, 1.0), x2 = x * x;
    vec3 low = 0.00038925964 - 0.0403609641 * x + x2 * (1.55205649 - 10.4925103 * x);
    vec3 high = 30.6541139 - 22.6969159 * x + x2 * (-5.78438054 + 7.80632126 * x);
    return clamp(back * max(low + x2 * x2 * high, 0.0), 0.0, 1.0);
}
