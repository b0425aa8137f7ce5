/* Core without libc: everything it offers, reached from an entry point of our own. */

#include "leave.h"

#include <stddef.h>
#include <stdint.h>

uint32_t probe(const uint8_t *data, size_t len, int64_t now);

/* The stack is aligned at entry as no function expects it, hence the attribute. */
__attribute__((force_align_arg_pointer)) void _start(void)
{
    static const uint8_t id[] = "i94gcaqbpvohfr764s5l";
    const size_t len = sizeof id - 1;
    const uint32_t once = probe(id, len, 1800000000), again = probe(id, len, 1800000000);
    /* Nothing there depends on anything but the input, and the time is part of what is signed. */
    leave(once != 0 && once == again && once != probe(id, len, 1800000001));
}
