/* The textures of swapchains, through the OpenGL of the context that is current. */
#define _GNU_SOURCE
#include <dlfcn.h>

#include "runtime.h"

#define GL_TEXTURE_2D 0x0DE1
#define GL_TEXTURE_2D_ARRAY 0x8C1A
#define GL_TEXTURE_BINDING_2D 0x8069
#define GL_TEXTURE_BINDING_2D_ARRAY 0x8C1D
#define GL_READ_FRAMEBUFFER 0x8CA8
#define GL_READ_FRAMEBUFFER_BINDING 0x8CAA
#define GL_COLOR_ATTACHMENT0 0x8CE0
#define GL_FRAMEBUFFER_COMPLETE 0x8CD5
#define GL_RGBA 0x1908
#define GL_FLOAT 0x1406
#define GL_VERSION 0x1F02
#define GL_PIXEL_PACK_BUFFER 0x88EB
#define GL_PIXEL_PACK_BUFFER_BINDING 0x88ED

typedef void *(*Loader)(const char *);

static void *gl(const char *name) {
    static Loader loader;
    if (!loader) {
        void *egl = dlopen("libEGL.so.1", RTLD_NOW | RTLD_LOCAL);
        if (egl) *(void **)&loader = dlsym(egl, "eglGetProcAddress");
    }
    return loader ? loader(name) : NULL;
}

#define GL(type, name) type name = (type)gl(#name)
typedef const uint8_t *(*GetString)(uint32_t);
typedef void (*Integers)(uint32_t, int32_t *);
typedef void (*Names)(int32_t, uint32_t *);
typedef void (*Bind)(uint32_t, uint32_t);
typedef void (*Storage2D)(uint32_t, int32_t, uint32_t, int32_t, int32_t);
typedef void (*Storage3D)(uint32_t, int32_t, uint32_t, int32_t, int32_t, int32_t);
typedef void (*AttachTexture)(uint32_t, uint32_t, uint32_t, int32_t);
typedef void (*AttachLayer)(uint32_t, uint32_t, uint32_t, int32_t, int32_t);
typedef uint32_t (*Status)(uint32_t);
typedef void (*Read)(int32_t, int32_t, int32_t, int32_t, uint32_t, uint32_t, void *);

bool gl_ready(void) {
    GL(GetString, glGetString);
    return glGetString && glGetString(GL_VERSION);
}

void gl_textures(Swapchain *swapchain) {
    GL(Names, glGenTextures);
    GL(Bind, glBindTexture);
    GL(Integers, glGetIntegerv);
    GL(Storage2D, glTexStorage2D);
    GL(Storage3D, glTexStorage3D);
    const XrSwapchainCreateInfo *info = &swapchain->info;
    bool layered = info->array_size > 1;
    uint32_t target = layered ? GL_TEXTURE_2D_ARRAY : GL_TEXTURE_2D;
    int32_t before = 0;
    glGetIntegerv(layered ? GL_TEXTURE_BINDING_2D_ARRAY : GL_TEXTURE_BINDING_2D, &before);
    glGenTextures(MAX_IMAGES, swapchain->textures);
    for (int i = 0; i < MAX_IMAGES; i++) {
        glBindTexture(target, swapchain->textures[i]);
        int32_t levels = (int32_t)info->mip_count;
        uint32_t format = (uint32_t)info->format;
        int32_t width = (int32_t)info->width, height = (int32_t)info->height;
        if (layered) glTexStorage3D(target, levels, format, width, height, (int32_t)info->array_size);
        else glTexStorage2D(target, levels, format, width, height);
    }
    glBindTexture(target, (uint32_t)before);
}

void gl_delete(Swapchain *swapchain) {
    GL(Names, glDeleteTextures);
    if (glDeleteTextures && gl_ready()) glDeleteTextures(MAX_IMAGES, swapchain->textures);
}

/* Pixels of an image: `rect` is left, bottom, width and height; rows count from below, as OpenGL's. */
int gl_pixels(const Swapchain *swapchain, int image, int layer, const int32_t rect[4], float *rgba) {
    GL(Names, glGenFramebuffers);
    GL(Names, glDeleteFramebuffers);
    GL(Bind, glBindFramebuffer);
    GL(Bind, glBindBuffer);
    GL(Integers, glGetIntegerv);
    GL(AttachTexture, glFramebufferTexture);
    GL(AttachLayer, glFramebufferTextureLayer);
    GL(Status, glCheckFramebufferStatus);
    GL(Read, glReadPixels);
    int32_t before = 0, buffer = 0;
    uint32_t made = 0;
    glGetIntegerv(GL_READ_FRAMEBUFFER_BINDING, &before);
    glGetIntegerv(GL_PIXEL_PACK_BUFFER_BINDING, &buffer);
    glGenFramebuffers(1, &made);
    glBindBuffer(GL_PIXEL_PACK_BUFFER, 0);
    glBindFramebuffer(GL_READ_FRAMEBUFFER, made);
    uint32_t texture = swapchain->textures[image];
    if (swapchain->info.array_size > 1)
        glFramebufferTextureLayer(GL_READ_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, texture, 0, layer);
    else glFramebufferTexture(GL_READ_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, texture, 0);
    int complete = glCheckFramebufferStatus(GL_READ_FRAMEBUFFER) == GL_FRAMEBUFFER_COMPLETE;
    if (complete) glReadPixels(rect[0], rect[1], rect[2], rect[3], GL_RGBA, GL_FLOAT, rgba);
    glBindFramebuffer(GL_READ_FRAMEBUFFER, (uint32_t)before);
    glBindBuffer(GL_PIXEL_PACK_BUFFER, (uint32_t)buffer);
    glDeleteFramebuffers(1, &made);
    return complete;
}
