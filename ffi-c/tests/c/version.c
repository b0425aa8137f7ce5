/* The linked library has the version of the header. */

#include "check.h"

static void linked_version_is_that_of_the_header(void **state)
{
    (void)state;
    assert_string_equal(sandgate_version(), SANDGATE_VERSION);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(linked_version_is_that_of_the_header)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
