/* Every array of vectors/life.json, the answers of an independent implementation, through C. */

#include "v2.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

static json_t *vectors;
static json_t *current;

/* Prints the failing case. */
#define CHECK(condition)                                                                                     \
    do {                                                                                                     \
        if (!(condition))                                                                                    \
            fail_msg("%s, line %d: %s", #condition, __LINE__, json_dumps(current, JSON_ENCODE_ANY));         \
    } while (0)

enum { TEXT_MAX = 80 * 1024 };

struct text {
    size_t len;
    char at[TEXT_MAX];
};
#define GIVEN(text) (text).at, (text).len

/* Each character of the table is one byte, and is stored as UTF-8. */
static void read_text(struct text *text, const json_t *value)
{
    const uint8_t *from = (const uint8_t *)json_string_value(value), *end = from + json_string_length(value);
    CHECK(from != NULL && json_string_length(value) <= TEXT_MAX);
    for (text->len = 0; from < end; from++) {
        bool two = *from >= 0x80;
        CHECK(!two || *from == 0xc2 || *from == 0xc3);
        text->at[text->len++] = (char)(two ? ((from[0] & 3) << 6) | (from[1] & 0x3f) : *from);
        from += two;
    }
}

static bool is(const json_t *value, const char *expected)
{
    return json_is_string(value) && expected != NULL && strcmp(json_string_value(value), expected) == 0;
}

static void assert_denied(sandgate_result result, const json_t *expect)
{
    CHECK(sandgate_result_status(result) == json_integer_value(json_object_get(expect, "status")));
    CHECK(is(json_object_get(expect, "gate"), sandgate_result_gate(result)));
    CHECK(is(json_object_get(expect, "code"), sandgate_result_code(result)));
    CHECK(is(json_object_get(expect, "message"), sandgate_result_message(result)));
}

/* A state is "waiting", "open", or the tokens that a controller requires. */
static void init_controller(sandgate_controller *out, const json_t *state)
{
    size_t at;
    json_t *token;
    if (is(state, "waiting"))
        assert_int_equal(sandgate_controller_init_waiting(NULL, out), SANDGATE_OK);
    else
        assert_int_equal(sandgate_controller_init_open(out), SANDGATE_OK);
    json_array_foreach(state, at, token)
        assert_int_equal(sandgate_controller_add_token(out, json_string_value(token), json_string_length(token)),
                         SANDGATE_OK);
}

static sandgate_result ask(const sandgate_controller *controller, const json_t *token)
{
    sandgate_request asked = request("GET", "/metrics");
    sandgate_allowed allowed = {.struct_size = sizeof allowed};
    if (token != NULL)
        asked.access_token = (sandgate_header){json_string_value(token), json_string_length(token), 1};
    return sandgate_controller_check(controller, &asked, 0, &allowed);
}

static bool holds(const json_t *state, const json_t *token)
{
    size_t at;
    json_t *held;
    json_array_foreach(state, at, held)
        if (json_equal(held, token))
            return true;
    return false;
}

/* `others` is the tokens of another state. */
static void assert_state(const sandgate_controller *controller, const json_t *state, const json_t *others)
{
    size_t at;
    json_t *token;
    CHECK(sandgate_controller_is_waiting(controller) == is(state, "waiting"));
    CHECK(sandgate_controller_is_open(controller) == is(state, "open"));
    sandgate_result without = is(state, "open")      ? SANDGATE_OK
                              : is(state, "waiting") ? SANDGATE_ROUTE_NOT_INITIALIZED
                                                     : SANDGATE_ROUTE_MISSING;
    CHECK(ask(controller, NULL) == without);
    json_array_foreach(state, at, token)
        CHECK(ask(controller, token) == SANDGATE_OK);
    json_array_foreach(others, at, token)
        CHECK((ask(controller, token) == SANDGATE_OK) == (is(state, "open") || holds(state, token)));
}

static const char *outcome_name(sandgate_initialized outcome)
{
    static const char *const names[] = {NULL, "kept", "replaced", "cleared", "stale"};
    return names[outcome];
}

static void controllers_are_initialised(void **unused)
{
    (void)unused;
    static struct text body, hash;
    json_t *rows = json_object_get(vectors, "initialize"), *row, *step;
    size_t number, at;
    assert_true(json_array_size(rows) >= 300);
    json_array_foreach(rows, number, row) {
        sandgate_controller controller;
        json_t *state = json_object_get(row, "start"), *before;
        current = row;
        init_controller(&controller, state);
        assert_state(&controller, state, NULL);
        json_array_foreach(json_object_get(row, "steps"), at, step) {
            json_t *expect = json_object_get(step, "expect");
            sandgate_initialized outcome = 0;
            read_text(&body, json_object_get(step, "body"));
            read_text(&hash, json_object_get(step, "expected_hash"));
            sandgate_result result = sandgate_controller_initialize(&controller, GIVEN(body), GIVEN(hash), &outcome);
            if (result == SANDGATE_OK)
                CHECK(is(json_object_get(expect, "outcome"), outcome_name(outcome)));
            else
                assert_denied(result, expect);
            before = state;
            state = json_object_get(step, "then");
            assert_state(&controller, state, before);
        }
    }
}

static bool is_name(const json_t *name, const char *expected)
{
    return strcasecmp(json_string_value(name), expected) == 0;
}

/* Fills in a header of which this line is one. */
static void add(sandgate_header *out, const struct text *value)
{
    out->count++;
    out->value = value->at;
    out->value_len = value->len;
}

static void paused_sandboxes_wake(void **unused)
{
    (void)unused;
    enum { LINES = 8 };
    static struct text method, target, names[LINES], values[LINES];
    json_t *rows = json_object_get(vectors, "wake"), *row, *pair;
    size_t number, at;
    const json_t *setup = json_object_get(vectors, "edge");
    sandgate_policy policy = policy_of(SANDGATE_POLICY_DEFAULT);
    sandgate_v1_keyring v1;
    sandgate_v2_keyring v2;
    sandgate_v2_traffic_keyring roots;
    sandgate_edge edge;
    uint8_t seed[32];
    policy.carriers =
        SANDGATE_CARRIER_HEADER | SANDGATE_CARRIER_HOST | SANDGATE_CARRIER_QUERY | SANDGATE_CARRIER_COOKIE;
    for (at = 0; at < sizeof seed; at++)
        assert_int_equal(sscanf(json_string_value(json_object_get(setup, "v2_seed_hex")) + 2 * at, "%2hhx", &seed[at]), 1);
    assert_int_equal(sandgate_v1_keyring_init(CHARS(json_string_value(json_object_get(setup, "v1_seed"))), &v1), SANDGATE_OK);
    assert_int_equal(sandgate_v2_keyring_init(*json_string_value(json_object_get(setup, "v2_kid")), seed, sizeof seed, &v2),
                     SANDGATE_OK);
    assert_int_equal(sandgate_v2_keyring_traffic(&v2, &roots), SANDGATE_OK);
    assert_int_equal(sandgate_edge_init(&policy, &edge), SANDGATE_OK);
    assert_int_equal(sandgate_edge_set_v1_keyring(&edge, &v1), SANDGATE_OK);
    assert_int_equal(sandgate_edge_set_v2_keyring(&edge, &roots), SANDGATE_OK);
    assert_true(json_array_size(rows) >= 190);
    json_array_foreach(rows, number, row) {
        sandgate_header_line lines[LINES];
        sandgate_bytes cookies[LINES];
        sandgate_request asked = request("", "");
        sandgate_head received = head("", "", lines, 0);
        current = row;
        read_text(&method, json_object_get(row, "method"));
        read_text(&target, json_object_get(row, "target"));
        received.method = asked.method = method.at;
        received.method_len = asked.method_len = method.len;
        received.target = asked.target = target.at;
        received.target_len = asked.target_len = target.len;
        asked.cookies = cookies;
        json_array_foreach(json_object_get(row, "headers"), at, pair) {
            const json_t *name = json_array_get(pair, 0);
            CHECK(at < LINES);
            read_text(&names[at], name);
            read_text(&values[at], json_array_get(pair, 1));
            lines[received.line_count++] = (sandgate_header_line){GIVEN(names[at]), GIVEN(values[at])};
            if (is_name(name, "X-Access-Token"))
                add(&asked.access_token, &values[at]);
            else if (is_name(name, SANDGATE_TRAFFIC_HEADER))
                add(&asked.traffic_token, &values[at]);
            else if (is_name(name, "Cookie"))
                cookies[asked.cookie_count++] = (sandgate_bytes){GIVEN(values[at])};
        }
        sandgate_route to = {.struct_size = sizeof to};
        sandgate_controller controller;
        init_controller(&controller, json_object_get(json_object_get(vectors, "controllers"),
                                                     json_string_value(json_object_get(row, "controller"))));
        sandgate_result result = sandgate_edge_route(&edge, &received, &to);
        if (result == SANDGATE_OK) {
            const json_t *known = json_object_getn(json_object_get(setup, "sandboxes"), to.sandbox_id, to.sandbox_id_len);
            CHECK(known != NULL);
            sandgate_sandbox_state state = {.struct_size = sizeof state};
            state.restricted = json_is_true(json_object_get(known, "restricted"));
            state.generation = (uint32_t)json_integer_value(json_object_get(known, "generation"));
            result = sandgate_wake_check(&edge, &controller, &to, &state, &asked,
                                         json_integer_value(json_object_get(vectors, "now")));
        }
        if (result == SANDGATE_OK)
            CHECK(json_is_true(json_object_get(json_object_get(row, "expect"), "wakes")));
        else
            assert_denied(result, json_object_get(row, "expect"));
    }
}

static void ids_are_shortened(void **unused)
{
    (void)unused;
    static struct text id;
    json_t *row;
    size_t number;
    assert_true(json_array_size(json_object_get(vectors, "shorten")) >= 20);
    json_array_foreach(json_object_get(vectors, "shorten"), number, row) {
        char out[SANDGATE_SANDBOX_ID_MAX + 1] = {0};
        size_t len;
        const json_t *expected = json_object_get(row, "short");
        current = row;
        read_text(&id, json_object_get(row, "id"));
        sandgate_result result = sandgate_sandbox_id_shorten(GIVEN(id), out, SANDGATE_SANDBOX_ID_MAX, &len);
        CHECK(result == (json_is_null(expected) ? SANDGATE_LONG_SANDBOX_ID : SANDGATE_OK));
        CHECK(json_is_null(expected) || is(expected, out));
    }
}

enum { LINES_MAX = 16 };

static void webhooks_are_verified(void **unused)
{
    (void)unused;
    static struct text body, secret, texts[LINES_MAX][2];
    json_t *row, *value, *pair;
    size_t number, at;
    assert_true(json_array_size(json_object_get(vectors, "webhook")) >= 170);
    json_array_foreach(json_object_get(vectors, "webhook"), number, row) {
        sandgate_header_line lines[LINES_MAX];
        sandgate_webhook_verifier verifier;
        sandgate_webhook_verification verification;
        const json_t *expect = json_object_get(row, "expect"), *headers = json_object_get(row, "headers");
        current = row;
        json_array_foreach(json_object_get(row, "secrets"), at, value) {
            read_text(&secret, value);
            CHECK((at == 0 ? sandgate_webhook_verifier_init(GIVEN(secret), &verifier)
                           : sandgate_webhook_verifier_add(&verifier, GIVEN(secret))) == SANDGATE_OK);
        }
        CHECK(json_array_size(headers) <= LINES_MAX);
        json_array_foreach(headers, at, pair) {
            for (size_t side = 0; side < 2; side++)
                read_text(&texts[at][side], json_array_get(pair, side));
            lines[at] = (sandgate_header_line){GIVEN(texts[at][0]), GIVEN(texts[at][1])};
        }
        read_text(&body, json_object_get(row, "body"));
        sandgate_result result = sandgate_webhook_verify(&verifier, lines, json_array_size(headers), GIVEN(body));
        sandgate_result pieces = sandgate_webhook_start(&verifier, lines, json_array_size(headers), &verification);
        if (pieces == SANDGATE_OK) {
            for (at = 0; at < body.len; at++)
                CHECK(sandgate_webhook_update(&verification, body.at + at, 1) == SANDGATE_OK);
            pieces = sandgate_webhook_finish(&verification);
        }
        CHECK(result == pieces);
        if (json_is_true(json_object_get(expect, "verified")))
            CHECK(result == SANDGATE_OK);
        else
            assert_denied(result, expect);
    }
}

static void webhooks_are_signed(void **unused)
{
    (void)unused;
    static struct text body, secret;
    json_t *row;
    size_t number;
    assert_true(json_array_size(json_object_get(vectors, "webhook_sign")) >= 30);
    json_array_foreach(json_object_get(vectors, "webhook_sign"), number, row) {
        char out[SANDGATE_WEBHOOK_SIGNATURE_LEN + 1] = {0};
        size_t len;
        const json_t *expected = json_object_get(row, "signature");
        current = row;
        read_text(&secret, json_object_get(row, "secret"));
        read_text(&body, json_object_get(row, "body"));
        sandgate_result result =
            sandgate_webhook_sign(GIVEN(secret), GIVEN(body), out, SANDGATE_WEBHOOK_SIGNATURE_LEN, &len);
        CHECK(result == (json_is_null(expected) ? SANDGATE_WEBHOOK_SECRET : SANDGATE_OK));
        CHECK(json_is_null(expected) || is(expected, out));
    }
}

static void creation_takes_the_deployments_default(void **unused)
{
    (void)unused;
    const char *const reasons[] = {"template_too_old", "template_version_unknown", "restricted_needs_secure"};
    json_t *row;
    size_t number;
    assert_true(json_array_size(json_object_get(vectors, "creation")) >= 18);
    json_array_foreach(json_object_get(vectors, "creation"), number, row) {
        const json_t *secure = json_object_get(row, "secure"), *public = json_object_get(row, "allow_public_traffic");
        int32_t is_secure = json_is_true(secure), is_public = json_is_true(public);
        sandgate_creation_options options = {.struct_size = sizeof options};
        sandgate_credentials issued = {.struct_size = sizeof issued};
        current = row;
        options.secure = json_is_null(secure) ? NULL : &is_secure;
        options.allow_public_traffic = json_is_null(public) ? NULL : &is_public;
        options.restricted_by_default = json_is_true(json_object_get(row, "restricted_by_default"));
        options.envd_version = json_string_value(json_object_get(row, "envd_version"));
        options.envd_version_len = json_string_length(json_object_get(row, "envd_version"));
        sandgate_result result = sandgate_creation_decide(&options, &issued);
        if (result == SANDGATE_OK) {
            CHECK(json_is_null(json_object_get(row, "refused")));
            CHECK(issued.access_token == json_is_true(json_object_get(row, "access_token")));
            CHECK(issued.traffic_token == json_is_true(json_object_get(row, "traffic_token")));
        } else {
            CHECK(result >= SANDGATE_CREATION_TEMPLATE_TOO_OLD && result <= SANDGATE_CREATION_RESTRICTED_NEEDS_SECURE);
            CHECK(is(json_object_get(row, "refused"), reasons[result - SANDGATE_CREATION_TEMPLATE_TOO_OLD]));
        }
    }
}

int main(int argc, char **argv)
{
    json_error_t error;
    vectors = argc == 2 ? json_load_file(argv[1], JSON_ALLOW_NUL, &error) : NULL;
    if (vectors == NULL) {
        fprintf(stderr, "usage: vectors_life life.json\n");
        return 2;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(controllers_are_initialised),
        cmocka_unit_test(paused_sandboxes_wake),
        cmocka_unit_test(ids_are_shortened),
        cmocka_unit_test(webhooks_are_verified),
        cmocka_unit_test(webhooks_are_signed),
        cmocka_unit_test(creation_takes_the_deployments_default),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    json_decref(vectors);
    return failed;
}
