/* Tests every input with a length: absent, empty, NULL with a length, longer than any memory, and in an object of exactly that
 * length. */
#ifndef LENGTHS_H
#define LENGTHS_H

#include "v2.h"

#include <stdlib.h>

/* Calls a function with everything right except one input, and checks that a failure does not change its
 * outputs. */
typedef sandgate_result call(const void *input, size_t len);

#define ANSWER(result, output)                                                                               \
    do {                                                                                                     \
        sandgate_result answer = (result);                                                                   \
        if (answer != SANDGATE_OK)                                                                           \
            ASSERT_UNWRITTEN(output);                                                                        \
        return answer;                                                                                       \
    } while (0)


#define INIT(name, type, init)                                                                               \
    static sandgate_result name(const void *input, size_t len)                                               \
    {                                                                                                        \
        type out;                                                                                            \
        SET_UNWRITTEN(out);                                                                                  \
        ANSWER(init(input, len, &out), out);                                                                 \
    }

/* The output of a function that writes text: on a failure neither text nor length is written. */
#define TEXT_WRITER(name, call)                                                                              \
    static sandgate_result name(const void *input, size_t len)                                               \
    {                                                                                                        \
        struct {                                                                                             \
            char text[1024];                                                                                 \
            size_t len;                                                                                      \
        } out;                                                                                               \
        SET_UNWRITTEN(out);                                                                                  \
        ANSWER(call, out);                                                                                   \
    }
#define OUT out.text, sizeof out.text, &out.len

struct input {
    const char *name;
    call *call;
    sandgate_result when_absent, when_empty;
};

static void every_length(void **state)
{
    const struct input *input = *state;
    assert_int_equal(input->call(NULL, 0), input->when_absent);
    assert_int_equal(input->call("x", 0), input->when_empty);
    for (size_t len = 1; len != 0; len <<= 1)
        assert_int_equal(input->call(NULL, len), SANDGATE_NULL_POINTER);
    assert_int_equal(input->call(NULL, SIZE_MAX), SANDGATE_NULL_POINTER);
    assert_int_equal(input->call("x", SIZE_MAX), SANDGATE_NULL_POINTER);
    assert_int_equal(input->call("x", SIZE_MAX / 2 + 1), SANDGATE_NULL_POINTER);
}

/* The result must not depend on what follows the input. Memcheck and the address sanitizer see each byte that is read there. */
static inline void reads_no_further(call *call, const char *text, size_t len)
{
    char *exact = malloc(len), *roomy = malloc(len + 64);
    assert_true(exact != NULL && roomy != NULL);
    memcpy(exact, text, len);
    memcpy(roomy, text, len);
    for (int next = 0; next < 2; next++) {
        memset(roomy + len, next == 0 ? 'A' : text[len - 1], 64);
        assert_int_equal(call(roomy, len), call(exact, len));
    }
    free(exact);
    free(roomy);
}

#define TAG_TEXT "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define DIGITS "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void every_exact_size(void **state)
{
    /* Each has the right shape for an input, so that it is read to its end. */
    static const char *const shapes[] = {
        SEED, TOKEN, ID, "/a", "GET", "https://a", "80", "8080-" ID ".e2b.app", "a=b; sandgate_traffic=c", "e2b-signature", DIGITS,
        DIGITS DIGITS, "v1_" TAG_TEXT, "v2.a." TAG_TEXT, "sg2a.a." TAG_TEXT, "sg2t.a." TAG_TEXT, "sg2r.a." TAG_TEXT, TAG_TEXT,
        "sg2p.a.80.1800000060." TAG_TEXT, "80-" ID "-a0t9yg80" "aaaaaaaaaaaaaaaaaaaaaaaaaa", "path=/a&username=u&signature=v1_" TAG_TEXT,
        "path=/a&signature_expiration=1800000060&signature=v2.a." TAG_TEXT, "{\"accessToken\":\"" TOKEN "\"}", "/a?sandgate_traffic=b",
    };
    /* A letter; the first byte of an escape, of two bytes of UTF-8, of a JSON text and of its escape, whose rest is missing. */
    static const char fills[] = {'a', '%', '\xc3', '"', '\\'};
    const struct input *input = *state;
    char text[40];
    for (size_t at = 0; at < sizeof shapes / sizeof *shapes; at++)
        reads_no_further(input->call, shapes[at], strlen(shapes[at]));
    for (size_t at = 0; at < sizeof fills; at++) {
        memset(text, fills[at], sizeof text);
        for (size_t len = 1; len <= sizeof text; len++)
            reads_no_further(input->call, text, len);
    }
}

/* Runs both tests for each input. */
static inline int test_inputs(const struct input *inputs, size_t count, CMFixtureFunction init)
{
    struct CMUnitTest *tests = calloc(2 * count, sizeof *tests);
    for (size_t at = 0; tests != NULL && at < count; at++) {
        tests[2 * at] = (struct CMUnitTest){inputs[at].name, every_length, NULL, NULL, (void *)&inputs[at]};
        tests[2 * at + 1] = (struct CMUnitTest){inputs[at].name, every_exact_size, NULL, NULL, (void *)&inputs[at]};
    }
    int failed = tests == NULL ? 1 : _cmocka_run_group_tests("inputs", tests, 2 * count, init, NULL);
    free(tests);
    return failed;
}

#endif
