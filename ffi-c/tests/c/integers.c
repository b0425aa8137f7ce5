/* Integers of which the interface names a few: any other is wrong use, and never mistaken for a named one. */

#include "check.h"

/* Every integer that a narrow comparison or a sign could mistake for a named one. */
static const uint32_t strange[] = {
    0, 3, 4, 7, 255, 256, 257, 258, 65535, 65537, 65538, 0x7FFFFFFF, 0x80000000, 0x80000001, 0x80000002, 0xFFFFFFFE,
    0xFFFFFFFF,
};
enum { STRANGE = sizeof strange / sizeof *strange };

static const int32_t refusals[] = {1,  2,  3,  11, 12, 13, 17, 22, 23, 31, 32, 33, 34, 35, 36, 41, 42, 43, 44, 45, 46,
                                   51, 52, 62, 66, 71, 72, 73, 81, 82, 83, 91, 92, 93, 94, 95, 96, 97};
enum { REFUSALS = sizeof refusals / sizeof *refusals };

static bool is_refusal(int32_t result)
{
    for (size_t at = 0; at < REFUSALS; at++)
        if (refusals[at] == result)
            return true;
    return false;
}

static void unknown_operations_are_misuse(void **state)
{
    (void)state;
    sandgate_v1_file_url_key key;
    assert_int_equal(sandgate_v1_file_url_key_init(BYTES(TOKEN), &key), SANDGATE_OK);
    for (size_t at = 0; at < STRANGE; at++) {
        sandgate_v1_file_url url = file_url("/a", "user");
        url.operation = strange[at];
        char out[256];
        size_t len;
        sandgate_allowed allowed = {.struct_size = sizeof allowed, .basis = 7};
        SET_UNWRITTEN(out);
        SET_UNWRITTEN(len);
        assert_int_equal(sandgate_v1_file_url_sign(&key, &url, out, sizeof out, &len), SANDGATE_BAD_OPERATION);
        assert_int_equal(sandgate_v1_file_url_write(&key, CHARS("https://a"), &url, out, sizeof out, &len),
                         SANDGATE_BAD_OPERATION);
        assert_int_equal(sandgate_v1_file_url_verify(&key, &url, BYTES("x"), NOW), SANDGATE_BAD_OPERATION);
        assert_int_equal(
            sandgate_v1_file_url_verify_query(&key, strange[at], BYTES("signature=x"), NOW, &allowed),
            SANDGATE_BAD_OPERATION);
        ASSERT_UNWRITTEN(out);
        ASSERT_UNWRITTEN(len);
        assert_int_equal(allowed.basis, 7);
    }
}

/* A result that is not a refusal has no status and no body. Every number has a message. */
static void check_result(int32_t result)
{
    char out[512];
    size_t len;
    const char *message = sandgate_result_message(result);
    assert_non_null(message);
    assert_true(strlen(message) > 0);
    SET_UNWRITTEN(out);
    SET_UNWRITTEN(len);
    sandgate_result at_controller = sandgate_refusal_json(result, out, sizeof out, &len);
    if (is_refusal(result)) {
        assert_int_equal(at_controller, SANDGATE_OK);
        assert_in_range(sandgate_result_status(result), 400, 404);
        return;
    }
    assert_int_equal(at_controller, SANDGATE_NOT_A_REFUSAL);
    assert_int_equal(sandgate_edge_refusal_json(result, CHARS(ID), BYTES("/"), out, sizeof out, &len),
                     SANDGATE_NOT_A_REFUSAL);
    assert_int_equal(sandgate_result_status(result), 0);
    ASSERT_UNWRITTEN(out);
    ASSERT_UNWRITTEN(len);
}

static void every_number_has_a_message(void **state)
{
    (void)state;
    for (int32_t result = -70000; result <= 70000; result++)
        check_result(result);
    for (uint32_t high = 1; high != 0; high <<= 1)
        for (int32_t low = -1; low <= 255; low++)
            check_result((int32_t)((int64_t)(high >> 1) + low));
    check_result(INT32_MIN);
    check_result(INT32_MAX);
}

/* Refusals at creation are not refusals of the edge. */
static void creation_refusals_have_no_edge_body(void **state)
{
    (void)state;
    for (size_t at = 0; at < REFUSALS; at++) {
        char out[512];
        size_t len;
        sandgate_result result =
            sandgate_edge_refusal_json(refusals[at], CHARS(ID), BYTES("/"), out, sizeof out, &len);
        assert_int_equal(result, refusals[at] / 10 == 7 ? SANDGATE_NOT_A_REFUSAL : SANDGATE_OK);
    }
}

/* A header is given never, once, or too often. */
static void header_counts_are_0_1_or_repeated(void **state)
{
    (void)state;
    sandgate_controller controller;
    assert_int_equal(sandgate_controller_init(BYTES(TOKEN), NULL, &controller), SANDGATE_OK);
    for (size_t at = 1; at < STRANGE; at++) {
        sandgate_allowed allowed = {.struct_size = sizeof allowed};
        sandgate_request asked = request("GET", "/metrics");
        asked.access_token = header(TOKEN);
        asked.access_token.count = strange[at];
        assert_int_equal(sandgate_controller_check(&controller, &asked, NOW, &allowed), SANDGATE_ROUTE_MALFORMED);
        /* The value of a header that was not given once is not read. */
        asked.access_token.value = (const void *)1;
        asked.access_token.value_len = SIZE_MAX;
        assert_int_equal(sandgate_controller_check(&controller, &asked, NOW, &allowed), SANDGATE_ROUTE_MALFORMED);
    }
    /* A value with a count of 0 is not treated as an absent token. */
    sandgate_allowed allowed = {.struct_size = sizeof allowed};
    sandgate_request asked = request("GET", "/metrics");
    asked.access_token = header("wrong");
    asked.access_token.count = 0;
    assert_int_equal(sandgate_controller_check(&controller, &asked, NOW, &allowed), SANDGATE_BAD_HEADER);
    asked.access_token = (sandgate_header){0};
    assert_int_equal(sandgate_controller_check(&controller, &asked, NOW, &allowed), SANDGATE_ROUTE_MISSING);
}

/* Any integer other than 0 is on, and never mistaken for off. */
static void any_nonzero_flag_is_on(void **state)
{
    (void)state;
    for (size_t at = 1; at < STRANGE; at++) {
        sandgate_edge edge;
        assert_int_equal(sandgate_edge_init(NULL, &edge), SANDGATE_OK);
        sandgate_sandbox_state known = {.struct_size = sizeof known, .restricted = strange[at]};
        sandgate_request asked = request("GET", "/");
        sandgate_route to = route(ID, 8080);
        sandgate_passed passed = {.struct_size = sizeof passed};
        assert_int_equal(sandgate_edge_check(&edge, &to, &known, &asked, NOW, &passed), SANDGATE_TRAFFIC_MISSING);

        int32_t on;
        memcpy(&on, &strange[at], sizeof on);
        sandgate_credentials issued = {.struct_size = sizeof issued};
        sandgate_creation_options options = {sizeof options, &on, &on, "0.2.0", strlen("0.2.0"), strange[at]};
        assert_int_equal(sandgate_creation_decide(&options, &issued), SANDGATE_OK);
        assert_true(issued.access_token == 1 && issued.traffic_token == 0);
    }
}

/* A route that the caller filled in is validated again. */
static void filled_in_routes_are_validated(void **state)
{
    (void)state;
    sandgate_edge edge;
    sandgate_request asked = request("GET", "/");
    assert_int_equal(sandgate_edge_init(NULL, &edge), SANDGATE_OK);
    /* One of them is 49983 if truncated to 16 bits. */
    const uint32_t no_ports[] = {0, 65536, 65536 + 49983, UINT32_MAX};
    for (size_t at = 0; at < sizeof no_ports / sizeof *no_ports; at++) {
        const sandgate_route to = route(ID, no_ports[at]);
        assert_int_equal(sandgate_edge_set_controller_port(&edge, no_ports[at]), SANDGATE_BAD_PORT);
        assert_int_equal(sandgate_edge_screen(&edge, &to, &asked), SANDGATE_BAD_PORT);
    }
    sandgate_route no_id = route("", 80), reserved = route("sandbox-traffic-a", 80);
    assert_int_equal(sandgate_edge_screen(&edge, &no_id, &asked), SANDGATE_BAD_SANDBOX_ID);
    assert_int_equal(sandgate_edge_screen(&edge, &reserved, &asked), SANDGATE_BAD_SANDBOX_ID);
    const size_t lengths[] = {64, 65, 1000, SIZE_MAX / 2 + 1, SIZE_MAX};
    for (size_t at = 0; at < sizeof lengths / sizeof *lengths; at++) {
        sandgate_route too_long = route(ID, 80);
        memset(too_long.sandbox_id, 'a', sizeof too_long.sandbox_id);
        too_long.sandbox_id_len = lengths[at];
        assert_int_equal(sandgate_edge_screen(&edge, &too_long, &asked), SANDGATE_BAD_SANDBOX_ID);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unknown_operations_are_misuse),    cmocka_unit_test(every_number_has_a_message), cmocka_unit_test(creation_refusals_have_no_edge_body),
        cmocka_unit_test(header_counts_are_0_1_or_repeated), cmocka_unit_test(any_nonzero_flag_is_on),   cmocka_unit_test(filled_in_routes_are_validated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
