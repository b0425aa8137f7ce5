/* How a controller gets, keeps, replaces and loses its token, and the short form of ids, through C. */

#include "v2.h"

#include <stdio.h>

#define NOT_INITIALIZED "{\"code\":401,\"message\":\"envd not initialized\"}"
#define MALFORMED "{\"code\":400,\"message\":\"malformed request\"}"
#define NO_RESET "{\"code\":401,\"message\":\"access token reset not authorized\"}"
#define MISMATCH "{\"code\":401,\"message\":\"access token validation failed\"}"

/* SHA-512 of "abc", FIPS 180-4, and of the empty string. */
#define HASH_ABC                                                                                                       \
    "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"                                                 \
    "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
#define HASH_EMPTY                                                                                                     \
    "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"                                                 \
    "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e"

static sandgate_controller controller;

static void wait_for_token(uint32_t policy)
{
    sandgate_policy named = policy_of(policy);
    assert_int_equal(sandgate_controller_init_waiting(&named, &controller), SANDGATE_OK);
    assert_true(sandgate_controller_is_waiting(&controller));
    assert_false(sandgate_controller_is_open(&controller));
}

static sandgate_result ask(const char *method, const char *target, const char *token)
{
    sandgate_allowed allowed = {.struct_size = sizeof allowed};
    sandgate_request asked = request(method, target);
    asked.access_token = header(token);
    return sandgate_controller_check(&controller, &asked, NOW, &allowed);
}

static void assert_body(sandgate_result result, const char *expected)
{
    char body[256] = {0};
    size_t len;
    assert_int_equal(sandgate_refusal_json(result, body, sizeof body, &len), SANDGATE_OK);
    assert_string_equal(body, expected);
    assert_int_equal(sandgate_result_status(result), strstr(expected, "401") ? 401 : 400);
}

static void assert_applied(const char *body, const char *hash, sandgate_initialized expected)
{
    sandgate_initialized outcome = 0;
    assert_int_equal(sandgate_controller_initialize(&controller, BYTES(body), BYTES(hash), &outcome), SANDGATE_OK);
    assert_int_equal(outcome, expected);
    assert_false(sandgate_controller_is_waiting(&controller));
}

static void assert_refused(const char *body, const char *hash, sandgate_result expected, const char *json)
{
    sandgate_controller before = controller;
    sandgate_initialized outcome = 7;
    assert_int_equal(sandgate_controller_initialize(&controller, BYTES(body), BYTES(hash), &outcome), expected);
    assert_int_equal(outcome, 7);
    assert_same_storage(&before, &controller, sizeof before);
    assert_body(expected, json);
    assert_string_equal(sandgate_result_gate(expected), "init");
}

static void waiting_controller_refuses_everything(void **state)
{
    (void)state;
    wait_for_token(SANDGATE_POLICY_DEFAULT);
    const char *const refused[][2] = {{"GET", "/metrics"}, {"GET", "/files?path=/a"}, {"POST", "/files"}, {"GET", "/%zz"},
                                      {"POST", "/health"}, {"GET", "/init"}};
    for (size_t at = 0; at < sizeof refused / sizeof *refused; at++)
        for (int given = 0; given < 2; given++)
            assert_int_equal(ask(refused[at][0], refused[at][1], given ? TOKEN : NULL), SANDGATE_ROUTE_NOT_INITIALIZED);
    assert_body(SANDGATE_ROUTE_NOT_INITIALIZED, NOT_INITIALIZED);
    assert_string_equal(sandgate_result_gate(SANDGATE_ROUTE_NOT_INITIALIZED), "route");
    assert_string_equal(sandgate_result_code(SANDGATE_ROUTE_NOT_INITIALIZED), "not_initialized");
    assert_int_equal(ask("GET", "/health", NULL), SANDGATE_OK);
    assert_int_equal(ask("POST", "/init", NULL), SANDGATE_OK);

    const sandgate_header_line preflight[] = {{BYTES("Origin"), BYTES("https://a")},
                                              {BYTES("Access-Control-Request-Method"), BYTES("PUT")}};
    sandgate_head received = head("OPTIONS", "/files", preflight, 2);
    sandgate_allowed allowed = {.struct_size = sizeof allowed};
    assert_int_equal(sandgate_controller_guard(&controller, &received, NOW, &allowed), SANDGATE_ROUTE_NOT_INITIALIZED);
}

static void a_token_ends_the_wait(void **state)
{
    (void)state;
    wait_for_token(SANDGATE_POLICY_DEFAULT);
    assert_int_equal(sandgate_controller_add_token(&controller, BYTES(TOKEN)), SANDGATE_OK);
    assert_false(sandgate_controller_is_waiting(&controller));
    assert_int_equal(ask("GET", "/metrics", TOKEN), SANDGATE_OK);
    assert_int_equal(ask("GET", "/metrics", NULL), SANDGATE_ROUTE_MISSING);
    assert_int_equal(sandgate_controller_init_open(&controller), SANDGATE_OK);
    assert_false(sandgate_controller_is_waiting(&controller));
}

static void each_outcome_is_told(void **state)
{
    (void)state;
    wait_for_token(SANDGATE_POLICY_DEFAULT);
    assert_applied("{\"accessToken\":\"first\",\"timestamp\":\"2026-01-02T03:04:05Z\"}", "", SANDGATE_INITIALIZED_REPLACED);
    assert_applied("{\"accessToken\":\"first\"}", "", SANDGATE_INITIALIZED_KEPT);
    assert_int_equal(ask("GET", "/metrics", "first"), SANDGATE_OK);
    assert_applied("{\"accessToken\":\"abc\",\"timestamp\":\"2026-01-02T03:04:05Z\"}", HASH_ABC, SANDGATE_INITIALIZED_STALE);
    assert_int_equal(ask("GET", "/metrics", "first"), SANDGATE_OK);
    assert_applied("{\"accessToken\":\"abc\",\"timestamp\":\"2026-01-02T03:04:05.1Z\"}", HASH_ABC,
                   SANDGATE_INITIALIZED_REPLACED);
    assert_int_equal(ask("GET", "/metrics", "abc"), SANDGATE_OK);
    assert_int_equal(ask("GET", "/metrics", "first"), SANDGATE_ROUTE_INVALID);
    assert_applied("{}", HASH_EMPTY, SANDGATE_INITIALIZED_CLEARED);
    assert_true(sandgate_controller_is_open(&controller));
    assert_int_equal(ask("GET", "/metrics", NULL), SANDGATE_OK);
    assert_applied("{}", "", SANDGATE_INITIALIZED_KEPT);
}

static void a_refused_body_changes_nothing(void **state)
{
    (void)state;
    for (int waits = 0; waits < 2; waits++) {
        if (waits)
            wait_for_token(SANDGATE_POLICY_DEFAULT);
        else
            assert_int_equal(sandgate_controller_init(BYTES(TOKEN), NULL, &controller), SANDGATE_OK);
        assert_refused("{\"accessToken\":\"other\"}", HASH_ABC, SANDGATE_INIT_INVALID, MISMATCH);
        assert_refused("{\"accessToken\":\"other\"}", HASH_EMPTY, SANDGATE_INIT_INVALID, MISMATCH);
        assert_refused("{}", HASH_ABC, SANDGATE_INIT_MISSING, NO_RESET);
        const char *const malformed[] = {"", "x", "[]", "{\"accessToken\":\"\"}", "{\"accessToken\":\"\\u0061\"}",
                                         "{\"accessToken\":1}", "{\"accessToken\":\"a\",\"accessToken\":\"a\"}",
                                         "{\"timestamp\":\"soon\"}", "{\"accessToken\":\"sg2a.x\"}"};
        for (size_t at = 0; at < sizeof malformed / sizeof *malformed; at++)
            assert_refused(malformed[at], "", SANDGATE_INIT_MALFORMED, MALFORMED);
    }
    assert_int_equal(sandgate_controller_init(BYTES(TOKEN), NULL, &controller), SANDGATE_OK);
    assert_refused("{\"accessToken\":\"other\"}", "", SANDGATE_INIT_INVALID, MISMATCH);
    assert_refused("{}", "", SANDGATE_INIT_MISSING, NO_RESET);
}

static void the_policy_holds_while_it_waits(void **state)
{
    (void)state;
    struct v2 v2;
    char body[128];
    v2_init(&v2, 'a', SEED_V2, 0);
    snprintf(body, sizeof body, "{\"accessToken\":\"%s\"}", v2.access_token);
    wait_for_token(SANDGATE_POLICY_V2_ALONE);
    assert_refused("{\"accessToken\":\"first\"}", "", SANDGATE_INIT_MALFORMED, MALFORMED);
    assert_true(sandgate_controller_is_waiting(&controller));
    assert_applied(body, "", SANDGATE_INITIALIZED_REPLACED);
    assert_int_equal(ask("GET", "/metrics", v2.access_token), SANDGATE_OK);
}

static void a_presented_token_replaces_all(void **state)
{
    (void)state;
    assert_int_equal(sandgate_controller_init(BYTES("first"), NULL, &controller), SANDGATE_OK);
    assert_int_equal(sandgate_controller_add_token(&controller, BYTES("second")), SANDGATE_OK);
    assert_applied("{\"accessToken\":\"second\"}", "", SANDGATE_INITIALIZED_KEPT);
    assert_int_equal(ask("GET", "/metrics", "first"), SANDGATE_OK);
    assert_applied("{\"accessToken\":\"abc\"}", HASH_ABC, SANDGATE_INITIALIZED_REPLACED);
    assert_int_equal(ask("GET", "/metrics", "first"), SANDGATE_ROUTE_INVALID);
    assert_int_equal(ask("GET", "/metrics", "second"), SANDGATE_ROUTE_INVALID);
}

static void without_a_controller_nothing_waits(void **state)
{
    (void)state;
    sandgate_controller zeroed = {0};
    assert_false(sandgate_controller_is_waiting(NULL));
    assert_false(sandgate_controller_is_waiting(&zeroed));
    wait_for_token(SANDGATE_POLICY_DEFAULT);
    sandgate_controller_wipe(&controller);
    assert_false(sandgate_controller_is_waiting(&controller));
}

static void ids_are_shortened(void **state)
{
    (void)state;
    const struct {
        const char *given, *expected;
    } ids[] = {
        {ID "-2f7b3ac1", ID}, {ID, ID}, {"a-b-c", "a"}, {"a-", "a"}, {"0-\xff", "0"},
        {"-a", NULL},         {"", NULL}, {"A-b", NULL}, {"a_b-c", NULL},
        {"0123456789012345678901234567890123456789012345678901234567890123", NULL},
    };
    for (size_t at = 0; at < sizeof ids / sizeof *ids; at++) {
        char out[SANDGATE_SANDBOX_ID_MAX + 1] = {0};
        size_t len = 0;
        sandgate_result result =
            sandgate_sandbox_id_shorten(CHARS(ids[at].given), out, SANDGATE_SANDBOX_ID_MAX, &len);
        assert_int_equal(result, ids[at].expected == NULL ? SANDGATE_LONG_SANDBOX_ID : SANDGATE_OK);
        assert_string_equal(out, ids[at].expected == NULL ? "" : ids[at].expected);
        assert_int_equal(len, strlen(out));
    }
    assert_int_equal(sandgate_result_status(SANDGATE_LONG_SANDBOX_ID), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(waiting_controller_refuses_everything),
        cmocka_unit_test(a_token_ends_the_wait),
        cmocka_unit_test(each_outcome_is_told),
        cmocka_unit_test(a_refused_body_changes_nothing),
        cmocka_unit_test(the_policy_holds_while_it_waits),
        cmocka_unit_test(a_presented_token_replaces_all),
        cmocka_unit_test(without_a_controller_nothing_waits),
        cmocka_unit_test(ids_are_shortened),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
