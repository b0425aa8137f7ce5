/* Core without libc: all its functions, called from our own entry point. */

#include "leave.h"

#include <stddef.h>
#include <stdint.h>

uint32_t probe(const uint8_t *data, size_t len, int64_t now);

/* The stack alignment at the entry point differs from that of a function, hence the attribute. */
__attribute__((force_align_arg_pointer)) void _start(void)
{
    static const uint8_t id[] = "i94gcaqbpvohfr764s5l";
    const size_t len = sizeof id - 1;
    const uint32_t once = probe(id, len, 1800000000), again = probe(id, len, 1800000000);
    /* The result depends only on the input, and the time is signed. */
    leave(once != 0 && once == again && once != probe(id, len, 1800000001));
}
