/* Functions by name.  They are declared without their parameters: only their addresses are handed out. */
typedef void (*XrFunction)(void);

#include <string.h>

#include "functions.h"

#define X(name) extern void xr##name(void);
FUNCTIONS(X)
#undef X

XrFunction function_of(const char *wanted) {
#define X(name) if (!strcmp(wanted, "xr" #name)) return xr##name;
    FUNCTIONS(X)
#undef X
    return (XrFunction)0;
}
