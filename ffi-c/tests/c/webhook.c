/* Webhooks through C: secrets, pieces, lengths and what is refused. vectors_life.c has the whole table. */

#include "kinds.h"

#define RIGHT "3HX+9ZpU3ubwOg4c/I4RJjxNMUgwgml8y+a87MvYWJA"
#define OTHER_SECRET "the secret of another webhook"
#define LINE(name, value) ((sandgate_header_line){BYTES(name), BYTES(value)})

static sandgate_webhook_verifier verifier(const char *secret)
{
    sandgate_webhook_verifier made;
    assert_int_equal(sandgate_webhook_verifier_init(BYTES(secret), &made), SANDGATE_OK);
    return made;
}

static sandgate_result verify(const sandgate_webhook_verifier *by, const sandgate_header_line *lines, size_t count)
{
    sandgate_result whole = sandgate_webhook_verify(by, lines, count, BYTES(WEBHOOK_BODY));
    sandgate_webhook_verification verification;
    sandgate_result pieces = sandgate_webhook_start(by, lines, count, &verification);
    if (pieces == SANDGATE_OK) {
        const char *body = WEBHOOK_BODY;
        for (size_t at = 0; at < strlen(body); at++) {
            assert_int_equal(sandgate_webhook_finish(&verification), SANDGATE_WEBHOOK_INVALID);
            assert_int_equal(sandgate_webhook_update(&verification, body + at, 1), SANDGATE_OK);
        }
        pieces = sandgate_webhook_finish(&verification);
        assert_int_equal(sandgate_webhook_finish(&verification), pieces);
        sandgate_webhook_verification_wipe(&verification);
        assert_int_equal(sandgate_webhook_finish(&verification), SANDGATE_NOT_INITIALIZED);
    }
    assert_int_equal(whole, pieces);
    return whole;
}

static void headers_decide(void **state)
{
    (void)state;
    sandgate_webhook_verifier by = verifier(WEBHOOK_SECRET);
    sandgate_header_line lines[] = {LINE("Content-Type", "application/json"), LINE("E2B-Signature", " " RIGHT "\t"),
                                    LINE("e2b-signature-version", "v1"), LINE("e2b-signature", RIGHT)};
    assert_int_equal(verify(&by, lines, 3), SANDGATE_OK);
    assert_int_equal(verify(&by, lines, 2), SANDGATE_OK);
    assert_int_equal(verify(&by, lines, 1), SANDGATE_WEBHOOK_MISSING);
    assert_int_equal(verify(&by, NULL, 0), SANDGATE_WEBHOOK_MISSING);
    assert_int_equal(verify(&by, lines, 4), SANDGATE_WEBHOOK_MALFORMED);
    lines[2].value = "v2";
    assert_int_equal(verify(&by, lines, 3), SANDGATE_WEBHOOK_MALFORMED);
    lines[2].value_len = 0;
    assert_int_equal(verify(&by, lines, 3), SANDGATE_WEBHOOK_MALFORMED);
    assert_int_equal(sandgate_webhook_verify(&by, lines, 2, BYTES(WEBHOOK_BODY " ")), SANDGATE_WEBHOOK_INVALID);
    assert_int_equal(sandgate_webhook_verify(&by, lines, 2, NULL, 0), SANDGATE_WEBHOOK_INVALID);
}

static void a_verifier_holds_eight_secrets(void **state)
{
    (void)state;
    sandgate_webhook_verifier by = verifier(OTHER_SECRET);
    sandgate_header_line line = LINE("e2b-signature", RIGHT);
    for (int number = 1; number < 7; number++)
        assert_int_equal(sandgate_webhook_verifier_add(&by, BYTES(OTHER_SECRET)), SANDGATE_OK);
    assert_int_equal(verify(&by, &line, 1), SANDGATE_WEBHOOK_INVALID);
    assert_int_equal(sandgate_webhook_verifier_add(&by, BYTES(WEBHOOK_SECRET)), SANDGATE_OK);
    assert_int_equal(verify(&by, &line, 1), SANDGATE_OK);
    assert_int_equal(sandgate_webhook_verifier_add(&by, BYTES(WEBHOOK_SECRET)), SANDGATE_TOO_MANY_SECRETS);
    assert_int_equal(verify(&by, &line, 1), SANDGATE_OK);
}

static void a_short_secret_is_misuse(void **state)
{
    (void)state;
    sandgate_webhook_verifier by, before;
    char out[SANDGATE_WEBHOOK_SIGNATURE_LEN];
    size_t len;
    SET_UNWRITTEN(by);
    SET_UNWRITTEN(out);
    for (size_t length = 0; length < 16; length++) {
        assert_int_equal(sandgate_webhook_verifier_init(WEBHOOK_SECRET, length, &by), SANDGATE_WEBHOOK_SECRET);
        assert_int_equal(sandgate_webhook_sign(WEBHOOK_SECRET, length, NULL, 0, OUT), SANDGATE_WEBHOOK_SECRET);
    }
    assert_int_equal(sandgate_webhook_verifier_init(NULL, 0, &by), SANDGATE_WEBHOOK_SECRET);
    ASSERT_UNWRITTEN(by);
    ASSERT_UNWRITTEN(out);
    by = before = verifier("sixteen bytes...");
    assert_int_equal(sandgate_webhook_verifier_add(&by, BYTES("fifteen bytes..")), SANDGATE_WEBHOOK_SECRET);
    assert_same_storage(&before, &by, sizeof by);
}

static void a_signature_is_written_whole_or_not_at_all(void **state)
{
    (void)state;
    char out[SANDGATE_WEBHOOK_SIGNATURE_LEN + 1];
    size_t len = 0;
    SET_UNWRITTEN(out);
    assert_int_equal(sandgate_webhook_sign(BYTES(WEBHOOK_SECRET), BYTES(WEBHOOK_BODY), out, 42, &len), SANDGATE_BUFFER_TOO_SMALL);
    ASSERT_UNWRITTEN(out);
    assert_int_equal(len, SANDGATE_WEBHOOK_SIGNATURE_LEN);
    assert_int_equal(sandgate_webhook_sign(BYTES(WEBHOOK_SECRET), BYTES(WEBHOOK_BODY), OUT), SANDGATE_OK);
    assert_int_equal(len, SANDGATE_WEBHOOK_SIGNATURE_LEN);
    assert_memory_equal(out, RIGHT, SANDGATE_WEBHOOK_SIGNATURE_LEN);
    assert_true(is_unwritten((uint8_t *)out + len, 1));
}

static void a_verification_needs_its_verifier_no_more(void **state)
{
    (void)state;
    sandgate_webhook_verifier by = verifier(WEBHOOK_SECRET);
    sandgate_webhook_verification verification;
    assert_int_equal(sandgate_webhook_start(&by, &webhook_line, 1, &verification), SANDGATE_OK);
    sandgate_webhook_verifier_wipe(&by);
    assert_int_equal(sandgate_webhook_update(&verification, BYTES(WEBHOOK_BODY)), SANDGATE_OK);
    assert_int_equal(sandgate_webhook_finish(&verification), SANDGATE_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers_decide),
        cmocka_unit_test(a_verifier_holds_eight_secrets),
        cmocka_unit_test(a_short_secret_is_misuse),
        cmocka_unit_test(a_signature_is_written_whole_or_not_at_all),
        cmocka_unit_test(a_verification_needs_its_verifier_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
