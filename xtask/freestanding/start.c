/* A program without libc: what the compiler itself may call, and an entry point that runs the probe. */

#include <stddef.h>
#include <stdint.h>

uint32_t probe(const uint8_t *data, size_t len, int64_t now);

void *memcpy(void *restrict to, const void *restrict from, size_t len)
{
    unsigned char *t = to;
    const unsigned char *f = from;
    while (len--)
        *t++ = *f++;
    return to;
}

void *memmove(void *to, const void *from, size_t len)
{
    unsigned char *t = to;
    const unsigned char *f = from;
    if (t < f)
        return memcpy(to, from, len);
    while (len--)
        t[len] = f[len];
    return to;
}

void *memset(void *to, int byte, size_t len)
{
    unsigned char *t = to;
    while (len--)
        *t++ = (unsigned char)byte;
    return to;
}

int memcmp(const void *a, const void *b, size_t len)
{
    const unsigned char *x = a, *y = b;
    for (; len--; x++, y++)
        if (*x != *y)
            return *x - *y;
    return 0;
}

int bcmp(const void *a, const void *b, size_t len)
{
    return memcmp(a, b, len);
}

static _Noreturn void leave(long code)
{
    for (;;)
        __asm__ volatile("syscall" : : "a"(231), "D"(code) : "rcx", "r11", "memory");
}

/* The stack is aligned at entry as no function expects it, hence the attribute. */
__attribute__((force_align_arg_pointer)) void _start(void)
{
    static const uint8_t id[] = "i94gcaqbpvohfr764s5l";
    const size_t len = sizeof id - 1;
    const uint32_t once = probe(id, len, 1800000000), again = probe(id, len, 1800000000);
    /* Nothing there depends on anything but the input, and the time is part of what is signed. */
    leave(once != 0 && once == again && once != probe(id, len, 1800000001) ? 0 : 1);
}
