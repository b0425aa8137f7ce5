/* Tests every input with a length: absent, empty, NULL with a length, and longer than any memory. */
#ifndef LENGTHS_H
#define LENGTHS_H

#include "v2.h"

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

#endif
