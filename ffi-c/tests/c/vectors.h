/* Shared by the tests of vectors: the file, the case that is checked, and one test for each array. */
#ifndef VECTORS_H
#define VECTORS_H

#include "check.h"

#include <jansson.h>
#include <stdio.h>

/* An array of the file, the check of its current case, and the smallest number of cases. */
struct array {
    const char *name;
    void (*check)(void);
    size_t fewest;
};

static json_t *vectors;
static json_t *current;
/* The current case is `file/array/number`. */
static const char *file;
static const struct array *array;
static size_t number_of_case;

/* Prints the failing case. */
#define CHECK(condition)                                                                                     \
    do {                                                                                                     \
        if (!(condition))                                                                                    \
            fail_msg("%s/%s/%zu: %s, line %d: %s", file, array->name, number_of_case, #condition, __LINE__,  \
                     json_dumps(current, JSON_ENCODE_ANY));                                                  \
    } while (0)

static void every_case_has_its_answer(void **state)
{
    array = *state;
    json_t *cases = json_object_get(vectors, array->name);
    assert_true(json_array_size(cases) >= array->fewest);
    json_array_foreach(cases, number_of_case, current)
        array->check();
}

static const struct array *checked;
static size_t checked_len;

static void every_array_is_checked(void **state)
{
    (void)state;
    const char *name;
    json_t *value;
    json_object_foreach(vectors, name, value) {
        bool is_known = !json_is_array(value);
        for (size_t at = 0; at < checked_len; at++)
            is_known |= strcmp(checked[at].name, name) == 0;
        if (!is_known)
            fail_msg("%s/%s: no test checks this array", file, name);
    }
}

/* The tests of a file whose path is the only argument. */
static int run_vectors(int argc, char **argv, const struct array *arrays, size_t len)
{
    enum { MOST = 16 };
    json_error_t error;
    vectors = argc == 2 && len < MOST ? json_load_file(argv[1], JSON_ALLOW_NUL, &error) : NULL;
    if (vectors == NULL) {
        fprintf(stderr, "usage: %s FILE.json\n", argv[0]);
        return 2;
    }
    file = strrchr(argv[1], '/');
    file = file == NULL ? argv[1] : file + 1;
    checked = arrays;
    checked_len = len;
    struct CMUnitTest tests[MOST] = {cmocka_unit_test(every_array_is_checked)};
    for (size_t at = 0; at < len; at++)
        tests[at + 1] = (struct CMUnitTest){arrays[at].name, every_case_has_its_answer, NULL, NULL, (void *)&arrays[at]};
    /* cmocka leaves out the empty ones at the end. */
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    json_decref(vectors);
    return failed;
}
#define RUN_VECTORS(argc, argv, arrays) run_vectors(argc, argv, arrays, sizeof(arrays) / sizeof *(arrays))

#endif
