/* Every array of vectors/life.json, the answers of an independent implementation, through C. */

#include "tables.h"

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

static void initialize(void)
{
    static struct text body, hash;
    sandgate_controller controller;
    json_t *state = json_object_get(current, "start"), *before, *step;
    size_t at;
    init_controller(&controller, state);
    assert_state(&controller, state, NULL);
    json_array_foreach(json_object_get(current, "steps"), at, step) {
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

/* Fills in a header of which this line is one. */
static void add(sandgate_header *out, const struct text *value)
{
    out->count++;
    out->value = value->at;
    out->value_len = value->len;
}

static void wakes(void)
{
    static struct received received;
    const json_t *expect = json_object_get(current, "expect");
    sandgate_bytes cookies[LINES];
    sandgate_request asked = request("", "");
    sandgate_edge edge;
    init_edge(&edge);
    read_request(&received);
    asked.method = received.head.method;
    asked.method_len = received.head.method_len;
    asked.target = received.head.target;
    asked.target_len = received.head.target_len;
    asked.cookies = cookies;
    for (size_t at = 0; at < received.head.line_count; at++) {
        const struct text *name = &received.names[at], *value = &received.values[at];
        if (is_named(name, "X-Access-Token"))
            add(&asked.access_token, value);
        else if (is_named(name, SANDGATE_TRAFFIC_HEADER))
            add(&asked.traffic_token, value);
        else if (is_named(name, "Cookie"))
            cookies[asked.cookie_count++] = (sandgate_bytes){GIVEN(*value)};
    }
    sandgate_route to = {.struct_size = sizeof to};
    sandgate_controller controller;
    init_controller(&controller, json_object_get(json_object_get(vectors, "controllers"),
                                                 json_string_value(json_object_get(current, "controller"))));
    sandgate_result result = sandgate_edge_route(&edge, &received.head, &to);
    if (result == SANDGATE_OK) {
        sandgate_sandbox_state state;
        CHECK(look_up(&to, &state));
        result = sandgate_wake_check(&edge, &controller, &to, &state, &asked, time_of_table());
    }
    if (result == SANDGATE_OK)
        CHECK(json_is_true(json_object_get(expect, "wakes")));
    else
        assert_denied(result, expect);
}

static void shorten(void)
{
    static struct text id;
    char out[SANDGATE_SANDBOX_ID_MAX + 1] = {0};
    size_t len;
    const json_t *expected = json_object_get(current, "short");
    read_text(&id, json_object_get(current, "id"));
    sandgate_result result = sandgate_sandbox_id_shorten(GIVEN(id), out, SANDGATE_SANDBOX_ID_MAX, &len);
    CHECK(result == (json_is_null(expected) ? SANDGATE_LONG_SANDBOX_ID : SANDGATE_OK));
    CHECK(json_is_null(expected) || is(expected, out));
}

static void webhook(void)
{
    static struct text body, secret, texts[LINES][2];
    const json_t *expect = json_object_get(current, "expect"), *headers = json_object_get(current, "headers");
    json_t *value, *pair;
    size_t at;
    sandgate_header_line lines[LINES];
    sandgate_webhook_verifier verifier;
    sandgate_webhook_verification verification;
    json_array_foreach(json_object_get(current, "secrets"), at, value) {
        read_text(&secret, value);
        CHECK((at == 0 ? sandgate_webhook_verifier_init(GIVEN(secret), &verifier)
                       : sandgate_webhook_verifier_add(&verifier, GIVEN(secret))) == SANDGATE_OK);
    }
    CHECK(json_array_size(headers) <= LINES);
    json_array_foreach(headers, at, pair) {
        for (size_t side = 0; side < 2; side++)
            read_text(&texts[at][side], json_array_get(pair, side));
        lines[at] = (sandgate_header_line){GIVEN(texts[at][0]), GIVEN(texts[at][1])};
    }
    read_text(&body, json_object_get(current, "body"));
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

static void webhook_sign(void)
{
    static struct text body, secret;
    char out[SANDGATE_WEBHOOK_SIGNATURE_LEN + 1] = {0};
    size_t len;
    const json_t *expected = json_object_get(current, "signature");
    read_text(&secret, json_object_get(current, "secret"));
    read_text(&body, json_object_get(current, "body"));
    sandgate_result result = sandgate_webhook_sign(GIVEN(secret), GIVEN(body), out, SANDGATE_WEBHOOK_SIGNATURE_LEN, &len);
    CHECK(result == (json_is_null(expected) ? SANDGATE_WEBHOOK_SECRET : SANDGATE_OK));
    CHECK(json_is_null(expected) || is(expected, out));
}

static void creation(void)
{
    const char *const reasons[] = {"template_too_old", "template_version_unknown", "restricted_needs_secure"};
    const json_t *secure = json_object_get(current, "secure"), *public = json_object_get(current, "allow_public_traffic");
    int32_t is_secure = json_is_true(secure), is_public = json_is_true(public);
    sandgate_creation_options options = {.struct_size = sizeof options};
    sandgate_credentials issued = {.struct_size = sizeof issued};
    options.secure = json_is_null(secure) ? NULL : &is_secure;
    options.allow_public_traffic = json_is_null(public) ? NULL : &is_public;
    options.restricted_by_default = json_is_true(json_object_get(current, "restricted_by_default"));
    options.envd_version = json_string_value(json_object_get(current, "envd_version"));
    options.envd_version_len = json_string_length(json_object_get(current, "envd_version"));
    sandgate_result result = sandgate_creation_decide(&options, &issued);
    if (result == SANDGATE_OK) {
        CHECK(json_is_null(json_object_get(current, "refused")));
        CHECK(issued.access_token == json_is_true(json_object_get(current, "access_token")));
        CHECK(issued.traffic_token == json_is_true(json_object_get(current, "traffic_token")));
    } else {
        CHECK(result >= SANDGATE_CREATION_TEMPLATE_TOO_OLD && result <= SANDGATE_CREATION_RESTRICTED_NEEDS_SECURE);
        CHECK(is(json_object_get(current, "refused"), reasons[result - SANDGATE_CREATION_TEMPLATE_TOO_OLD]));
    }
}

int main(int argc, char **argv)
{
    static const struct array arrays[] = {
        {"initialize", initialize, 300}, {"wake", wakes, 190}, {"shorten", shorten, 20}, {"creation", creation, 18},
        {"webhook", webhook, 170}, {"webhook_sign", webhook_sign, 30},
    };
    return RUN_VECTORS(argc, argv, arrays);
}
