/* One line per operation, as src/bin/memcheck/report.rs prints them, and secrets that valgrind takes for undefined. */
#ifndef MEMCHECK_H
#define MEMCHECK_H

#include <sandgate.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <valgrind/memcheck.h>

#define BYTES(text) (text), strlen(text)

/* The longest text of this program. */
enum { MAX = 512 };

/* Whether valgrind takes any bit for undefined. */
static inline bool is_hidden(const void *bytes, size_t len)
{
    unsigned char bits[4096] = {0};
    (void)VALGRIND_GET_VBITS(bytes, bits, len < sizeof bits ? len : sizeof bits);
    for (size_t at = 0; at < sizeof bits; at++)
        if (bits[at] != 0)
            return true;
    return false;
}

/* Makes the last characters of a text secret, except that they are ASCII. */
static inline void hide_text(char *text, size_t len, size_t secret)
{
    unsigned char bits[MAX];
    memset(bits, 0x7f, sizeof bits);
    (void)VALGRIND_SET_VBITS(text + len - secret, bits, secret);
}

/* Makes a secret, which valgrind must still know to be one. */
#define DERIVES(name, made, made_len, call)                                                                             \
    do {                                                                                                                \
        const unsigned long before = VALGRIND_COUNT_ERRORS;                                                             \
        const sandgate_result result = (call);                                                                          \
        printf("%s\tC: %s\t%lu\n", is_hidden((made), (made_len)) ? "derives" : "loses", (name),                         \
               VALGRIND_COUNT_ERRORS - before);                                                                         \
        expect((name), result == SANDGATE_OK);                                                                          \
    } while (0)

/* Answers yes or no, which is not a secret. */
#define DECIDES(name, which, expected, call)                                                                            \
    do {                                                                                                                \
        const unsigned long before = VALGRIND_COUNT_ERRORS;                                                             \
        const bool decided = (call);                                                                                    \
        printf("decides\tC: %s, %s\t%lu\n", (name), (which), VALGRIND_COUNT_ERRORS - before);                           \
        expect((name), decided == (expected));                                                                          \
    } while (0)

/* A control: an operation that is not constant time. */
#define LEAKS(name, call)                                                                                               \
    do {                                                                                                                \
        const unsigned long before = VALGRIND_COUNT_ERRORS;                                                             \
        volatile int leaked = (call);                                                                                   \
        (void)leaked;                                                                                                   \
        printf("leaks\tC: %s\t%lu\n", (name), VALGRIND_COUNT_ERRORS - before);                                          \
    } while (0)

static inline void expect(const char *name, bool right)
{
    if (!right) {
        fprintf(stderr, "%s: another result is expected\n", name);
        exit(1);
    }
}

/* A presented text: right, wrong in its first secret character, or wrong in its last. */
typedef struct presented {
    const char *which;
    bool right;
    char text[MAX];
    size_t len;
} presented;

/* The pair is of characters whose unused bits are zero, so that either may be the last one. */
static inline presented present(int number, const char *right, size_t len, size_t secret, const char *pair)
{
    static const char *const names[] = {"right", "wrong first", "wrong last"};
    presented made = {.which = names[number], .right = number == 0, .len = len};
    memcpy(made.text, right, len);
    if (number != 0) {
        char *wrong = made.text + (number == 1 ? len - secret : len - 1);
        *wrong = *wrong == pair[0] ? pair[1] : pair[0];
    }
    return made;
}

#endif
