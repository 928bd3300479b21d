/* Handles: one list of all that live; destroying a parent destroys its children. */
#include "runtime.h"

static Handle *first;
static int alive[KINDS];

void *handle_new(enum Kind kind, size_t size, void *parent) {
    Handle *made = calloc(1, size);
    made->kind = kind;
    made->parent = parent;
    made->next = first;
    first = made;
    alive[kind]++;
    return made;
}

bool handle_is(const void *handle, enum Kind kind) {
    for (Handle *one = first; one; one = one->next)
        if (one == handle) return one->kind == kind;
    return false;
}

void handle_free(void *handle) {
    for (bool again = true; again;) {
        again = false;
        for (Handle *one = first; one && !again; one = one->next) {
            if (one->parent == handle) {
                handle_free(one);
                again = true;
            }
        }
    }
    for (Handle **link = &first; *link; link = &(*link)->next) {
        if (*link == handle) {
            *link = (*link)->next;
            break;
        }
    }
    Handle *gone = handle;
    if (gone->kind == SWAPCHAIN) gl_delete((Swapchain *)gone);
    alive[gone->kind]--;
    free(gone);
}

int handles_alive(int kind) {
    int total = 0;
    for (int i = 0; i < KINDS; i++) total += kind < 0 || i == kind ? alive[i] : 0;
    return total;
}

Session *only_session(void) {
    for (Handle *one = first; one; one = one->next)
        if (one->kind == SESSION) return (Session *)one;
    return NULL;
}

Handle *handles_first(void) { return first; }
