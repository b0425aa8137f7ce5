/* Shared by the tests of vectors/guard.json and vectors/life.json: the deployment that they describe, and their texts. */
#ifndef TABLES_H
#define TABLES_H

#include "v2.h"
#include "vectors.h"

#include <strings.h>

enum { TEXT_MAX = 80 * 1024, LINES = 16 };

struct text {
    size_t len;
    char at[TEXT_MAX];
};
#define GIVEN(text) (text).at, (text).len

/* Each character of the tables is one byte, and is stored as UTF-8. */
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

/* The edge of the table: the seeds of both formats, and every carrier. */
static void init_edge(sandgate_edge *out)
{
    const json_t *setup = json_object_get(vectors, "edge");
    sandgate_policy policy = policy_of(SANDGATE_POLICY_DEFAULT);
    sandgate_v1_keyring v1;
    sandgate_v2_keyring v2;
    sandgate_v2_traffic_keyring roots;
    uint8_t seed[32];
    policy.carriers =
        SANDGATE_CARRIER_HEADER | SANDGATE_CARRIER_HOST | SANDGATE_CARRIER_QUERY | SANDGATE_CARRIER_COOKIE;
    for (size_t at = 0; at < sizeof seed; at++)
        assert_int_equal(sscanf(json_string_value(json_object_get(setup, "v2_seed_hex")) + 2 * at, "%2hhx", &seed[at]), 1);
    assert_int_equal(sandgate_v1_keyring_init(CHARS(json_string_value(json_object_get(setup, "v1_seed"))), &v1), SANDGATE_OK);
    assert_int_equal(sandgate_v2_keyring_init(*json_string_value(json_object_get(setup, "v2_kid")), seed, sizeof seed, &v2),
                     SANDGATE_OK);
    assert_int_equal(sandgate_v2_keyring_traffic(&v2, &roots), SANDGATE_OK);
    assert_int_equal(sandgate_edge_init(&policy, out), SANDGATE_OK);
    assert_int_equal(sandgate_edge_set_v1_keyring(out, &v1), SANDGATE_OK);
    assert_int_equal(sandgate_edge_set_v2_keyring(out, &roots), SANDGATE_OK);
}

/* The edge's look-up: whether there is such a sandbox. */
static bool look_up(const sandgate_route *route, sandgate_sandbox_state *out)
{
    const json_t *sandboxes = json_object_get(json_object_get(vectors, "edge"), "sandboxes");
    const json_t *known = json_object_getn(sandboxes, route->sandbox_id, route->sandbox_id_len);
    *out = (sandgate_sandbox_state){.struct_size = sizeof *out};
    out->restricted = json_is_true(json_object_get(known, "restricted"));
    out->generation = (uint32_t)json_integer_value(json_object_get(known, "generation"));
    return known != NULL;
}

static int64_t time_of_table(void)
{
    return json_integer_value(json_object_get(vectors, "now"));
}

/* The request of the current row. Its texts are valid until the next one is read. */
struct received {
    struct text method, target, names[LINES], values[LINES];
    sandgate_header_line lines[LINES];
    sandgate_head head;
};

static void read_request(struct received *out)
{
    size_t at;
    const json_t *pair;
    read_text(&out->method, json_object_get(current, "method"));
    read_text(&out->target, json_object_get(current, "target"));
    out->head = head("", "", out->lines, 0);
    out->head.method = out->method.at;
    out->head.method_len = out->method.len;
    out->head.target = out->target.at;
    out->head.target_len = out->target.len;
    json_array_foreach(json_object_get(current, "headers"), at, pair) {
        CHECK(at < LINES);
        read_text(&out->names[at], json_array_get(pair, 0));
        read_text(&out->values[at], json_array_get(pair, 1));
        out->lines[out->head.line_count++] = (sandgate_header_line){GIVEN(out->names[at]), GIVEN(out->values[at])};
    }
}

static bool is_named(const struct text *text, const char *name)
{
    return text->len == strlen(name) && strncasecmp(text->at, name, text->len) == 0;
}

#endif
