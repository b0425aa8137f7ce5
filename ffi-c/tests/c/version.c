/* The linked library has the version of the header. */

#include "check.h"

static void version(void **state)
{
    (void)state;
    assert_string_equal(sandgate_version(), SANDGATE_VERSION);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(version)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
