// What is the same for a whole picture; written once a frame by uniforms.py in this order.
layout(std140) uniform Frame {
    mat4 clip_from_world[2];  // of the left (or only) eye and of the right
    mat4 ray_from_clip[2];
    mat4 shadow_near;
    mat4 shadow_middle;
    mat4 shadow_far;
    vec4 eye_of[2];       // position m, scene time s
    vec4 views;           // 1 or 2 eyes, where the right eye's half begins in px, width of a pixel at 1 m, northern lights
    vec4 sun_direction;   // towards the sun
    vec4 sun_irradiance;  // facing the sun, w: share of direct light left by the clouds
    vec4 air;             // haze per m, cloud 0-1, wind 0-1, exposure
    vec4 sea;             // level m, swell 0-1 (lake: mist), wind 0-1, breath 0-1
    vec4 shore;           // shore z m (lake: rain 0-1), wave cycles, slope of the beach, 1 when there is a sea
    vec4 sky_up;          // light on a level surface from the whole sky, over pi
    vec4 ambient[9];      // the same for any surface, as spherical harmonics
    uvec4 left_out;       // a bit for each body that is not drawn along its way
#ifdef LAMPS
    uvec4 lamp_count;     // lamps.py tells what the rest is
    vec4 lamp_place[8];
    vec4 lamp_light[8];
    vec4 lamp_way[8];
#endif
};
#ifdef FRAGMENT
int here() { return views.x > 1.5 && gl_FragCoord.x >= views.y ? 1 : 0; }
#define eye (here() == 0 ? eye_of[0] : eye_of[1])
#else
#define eye eye_of[0]
#endif
const float PI = 3.14159265;
