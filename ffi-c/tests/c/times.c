/* Times are 64 bits wide everywhere: expiries after 2038, after 2106, and before 1970 are exact. */

#include "check.h"

static const int64_t ends[] = {
    0, -1, -10000, NOW, INT32_MAX, (int64_t)INT32_MAX + 1, UINT32_MAX, (int64_t)UINT32_MAX + 1, (1LL << 33) + 5,
    INT64_MAX - 1, INT64_MIN, INT64_MIN + 1,
};

static void last_second_is_valid_and_the_next_is_not(void **state)
{
    (void)state;
    sandgate_v1_file_url_key key;
    sandgate_controller controller;
    assert_int_equal(sandgate_v1_file_url_key_init(BYTES(TOKEN), &key), SANDGATE_OK);
    assert_int_equal(sandgate_controller_init(BYTES(TOKEN), NULL, &controller), SANDGATE_OK);
    for (size_t at = 0; at < sizeof ends / sizeof *ends; at++) {
        const int64_t end = ends[at];
        sandgate_v1_file_url url = file_url("/a", "");
        url.expires = &end;
        char signature[SANDGATE_V1_SIGNATURE_LEN], text[256];
        size_t signature_len, len;
        assert_int_equal(sandgate_v1_file_url_sign(&key, &url, signature, sizeof signature, &signature_len), SANDGATE_OK);
        assert_int_equal(sandgate_v1_file_url_write(&key, "x", 1, &url, text, sizeof text - 1, &len), SANDGATE_OK);
        text[len] = '\0';
        const char *query = strchr(text, '?') + 1;
        const sandgate_request asked = request("GET", text + 1);
        for (int over = 0; over < 2; over++) {
            const sandgate_result expected = over ? SANDGATE_FILE_SIGNATURE_EXPIRED : SANDGATE_OK;
            sandgate_allowed by_query = {.struct_size = sizeof by_query}, by_request = by_query;
            assert_int_equal(sandgate_v1_file_url_verify(&key, &url, signature, signature_len, end + over),
                             expected);
            assert_int_equal(sandgate_v1_file_url_verify_query(&key, SANDGATE_OPERATION_READ, BYTES(query), end + over,
                                                               &by_query),
                             expected);
            assert_int_equal(sandgate_controller_check(&controller, &asked, end + over, &by_request), expected);
            if (over)
                continue;
            assert_true(by_query.has_expires && by_query.expires == end);
            assert_true(by_request.has_expires && by_request.expires == end);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(last_second_is_valid_and_the_next_is_not)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
