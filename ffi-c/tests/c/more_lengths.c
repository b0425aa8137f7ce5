/* Every input with a length of webhooks, of header lines, and of the functions that answer yes or no. */

#include "lengths.h"

#define SECRET "the secret of the webhook"
#define SIGNATURE_LINE {BYTES("e2b-signature"), BYTES(TAG_TEXT)}

static sandgate_webhook_verifier verifier;
static sandgate_controller controller;

INIT(verifier_init, sandgate_webhook_verifier, sandgate_webhook_verifier_init)
TEXT_WRITER(sign_secret, sandgate_webhook_sign(input, len, BYTES("body"), OUT))
TEXT_WRITER(sign_body, sandgate_webhook_sign(BYTES(SECRET), input, len, OUT))

static sandgate_result add_secret(const void *secret, size_t len)
{
    const sandgate_webhook_verifier before = verifier;
    sandgate_result result = sandgate_webhook_verifier_add(&verifier, secret, len);
    if (result != SANDGATE_OK)
        assert_same_storage(&before, &verifier, sizeof before);
    verifier = before;
    return result;
}

/* Whole, and in one piece. */
static sandgate_result verify_webhook(const sandgate_header_line *lines, size_t count, const void *body, size_t len)
{
    sandgate_webhook_verification verification;
    sandgate_result whole = sandgate_webhook_verify(&verifier, lines, count, body, len);
    sandgate_result pieces = sandgate_webhook_start(&verifier, lines, count, &verification);
    if (pieces == SANDGATE_OK)
        pieces = sandgate_webhook_update(&verification, body, len);
    if (pieces == SANDGATE_OK)
        pieces = sandgate_webhook_finish(&verification);
    assert_int_equal(whole, pieces);
    return whole;
}

static sandgate_result webhook_body(const void *body, size_t len)
{
    const sandgate_header_line line = SIGNATURE_LINE;
    return verify_webhook(&line, 1, body, len);
}

static sandgate_result webhook_name(const void *name, size_t len)
{
    const sandgate_header_line lines[] = {SIGNATURE_LINE, {name, len, BYTES("x")}};
    return verify_webhook(lines, 2, BYTES("body"));
}

static sandgate_result webhook_signature(const void *value, size_t len)
{
    const sandgate_header_line line = {BYTES("e2b-signature"), value, len};
    return verify_webhook(&line, 1, BYTES("body"));
}

static sandgate_result webhook_version(const void *value, size_t len)
{
    const sandgate_header_line lines[] = {SIGNATURE_LINE, {BYTES("e2b-signature-version"), value, len}};
    return verify_webhook(lines, 2, BYTES("body"));
}

static sandgate_result guard(sandgate_header_line line)
{
    sandgate_head asked = head("GET", "/metrics", &line, 1);
    sandgate_allowed out = {.struct_size = sizeof out, .basis = 7};
    sandgate_result result = sandgate_controller_guard(&controller, &asked, NOW, &out);
    assert_true(result == SANDGATE_OK || out.basis == 7);
    return result;
}

static sandgate_result line_name(const void *name, size_t len)
{
    return guard((sandgate_header_line){name, len, BYTES(TOKEN)});
}

static sandgate_result line_value(const void *value, size_t len)
{
    return guard((sandgate_header_line){BYTES("X-Access-Token"), value, len});
}

static const struct input inputs[] = {
    {"webhook_verifier_init's secret", verifier_init, SANDGATE_WEBHOOK_SECRET, SANDGATE_WEBHOOK_SECRET},
    {"webhook_verifier_add's secret", add_secret, SANDGATE_WEBHOOK_SECRET, SANDGATE_WEBHOOK_SECRET},
    {"webhook_sign's secret", sign_secret, SANDGATE_WEBHOOK_SECRET, SANDGATE_WEBHOOK_SECRET},
    {"webhook_sign's body", sign_body, SANDGATE_OK, SANDGATE_OK},
    {"the body of a webhook", webhook_body, SANDGATE_WEBHOOK_INVALID, SANDGATE_WEBHOOK_INVALID},
    {"the name of a webhook's header", webhook_name, SANDGATE_NULL_POINTER, SANDGATE_WEBHOOK_INVALID},
    {"the signature of a webhook", webhook_signature, SANDGATE_NULL_POINTER, SANDGATE_WEBHOOK_MISSING},
    {"the version of a webhook", webhook_version, SANDGATE_NULL_POINTER, SANDGATE_WEBHOOK_MALFORMED},
    {"the name of a header line", line_name, SANDGATE_NULL_POINTER, SANDGATE_ROUTE_MISSING},
    {"the value of a header line", line_value, SANDGATE_NULL_POINTER, SANDGATE_ROUTE_MISSING},
};
enum { INPUTS = sizeof inputs / sizeof *inputs };

/* It has no result: invalid input is not equal to anything. */
static void equal_refuses_impossible_lengths(void **state)
{
    (void)state;
    assert_true(sandgate_equal(BYTES("token"), BYTES("token")));
    assert_false(sandgate_equal(BYTES("token"), BYTES("tokem")));
    assert_false(sandgate_equal(BYTES("token"), BYTES("toke")));
    assert_true(sandgate_equal(NULL, 0, BYTES("")));
    assert_true(sandgate_equal(NULL, 0, NULL, 0));
    assert_false(sandgate_equal(NULL, 1, NULL, 1));
    assert_false(sandgate_equal(NULL, 1, BYTES("a")));
    assert_false(sandgate_equal(BYTES("a"), NULL, 1));
    const uint8_t byte = 'a';
    assert_false(sandgate_equal(&byte, SIZE_MAX, &byte, SIZE_MAX));
    assert_false(sandgate_equal(&byte, SIZE_MAX / 2 + 1, &byte, 1));
}

/* Likewise: invalid input is not a path. */
static void request_path_is_refuses_impossible_lengths(void **state)
{
    (void)state;
    sandgate_request asked = request("GET", "/files?path=/a"), empty = request("GET", "");
    assert_true(sandgate_request_path_is(&asked, CHARS("/files")));
    assert_true(sandgate_request_path_is(&empty, NULL, 0));
    assert_true(sandgate_request_path_is(&empty, "x", 0));
    assert_false(sandgate_request_path_is(&asked, NULL, 0));
    assert_false(sandgate_request_path_is(&asked, NULL, 6));
    assert_false(sandgate_request_path_is(&asked, "/files", SIZE_MAX));
    assert_false(sandgate_request_path_is(&asked, "/files", SIZE_MAX / 2 + 1));
    asked.target_len = SIZE_MAX;
    assert_false(sandgate_request_path_is(&asked, CHARS("/files")));
    empty.target = NULL;
    assert_true(sandgate_request_path_is(&empty, NULL, 0));
    empty.target_len = 6;
    assert_false(sandgate_request_path_is(&empty, CHARS("/files")));
}

/* Each of the two inputs in an object of its length, of every length up to a few words, and the last byte different. */
static void equal_reads_no_further(void **state)
{
    (void)state;
    for (size_t len = 1; len <= 80; len++) {
        char *one = malloc(len), *other = malloc(len);
        assert_true(one != NULL && other != NULL);
        memset(one, 'a', len);
        memset(other, 'a', len);
        const sandgate_text text = {one, len, 0};
        assert_true(sandgate_equal(one, len, other, len));
        assert_true(sandgate_text_equal(&text, other, len));
        other[len - 1] = 'b';
        assert_false(sandgate_equal(one, len, other, len));
        assert_false(sandgate_text_equal(&text, other, len));
        free(one);
        free(other);
    }
}

/* A text of a query is decoded while it is compared: its escapes end at its end, or are cut there. */
static void text_equal_reads_no_further(void **state)
{
    (void)state;
    static const char raw[] = "a%41%4";
    for (size_t len = 1; len < sizeof raw; len++) {
        char *exact = malloc(len);
        assert_non_null(exact);
        memcpy(exact, raw, len);
        const sandgate_text text = {exact, len, 1};
        assert_int_equal(sandgate_text_equal(&text, "aA", 2), len == 4);
        free(exact);
    }
}

static void path_is_reads_no_further(void **state)
{
    (void)state;
    static const char target[] = "/files/a";
    for (size_t len = 1; len < sizeof target; len++) {
        char *one = malloc(len), *other = malloc(len);
        assert_true(one != NULL && other != NULL);
        memcpy(one, target, len);
        memcpy(other, target, len);
        sandgate_request asked = request("GET", "/");
        asked.target = one;
        asked.target_len = len;
        assert_true(sandgate_request_path_is(&asked, other, len));
        assert_false(sandgate_request_path_is(&asked, other, len - 1));
        free(one);
        free(other);
    }
}

static int init(void **state)
{
    (void)state;
    return sandgate_webhook_verifier_init(BYTES(SECRET), &verifier) || sandgate_controller_init(BYTES(TOKEN), NULL, &controller);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_refuses_impossible_lengths),
        cmocka_unit_test(request_path_is_refuses_impossible_lengths),
        cmocka_unit_test(equal_reads_no_further),
        cmocka_unit_test(text_equal_reads_no_further),
        cmocka_unit_test(path_is_reads_no_further),
    };
    return test_inputs(inputs, INPUTS, init) + cmocka_run_group_tests(tests, init, NULL);
}
