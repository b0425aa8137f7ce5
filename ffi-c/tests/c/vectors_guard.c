/* Every row of vectors/guard.json, requests as received and the answers of the guards, through C. */

#include "tables.h"

static const char *const allowed_names[] = {NULL, "open", "exempt", "token", "signature"};
static const char *const passed_names[] = {NULL, "public", "controller_port", "token", "pass", "signed_host"};

static bool is_text(const json_t *expected, const sandgate_text *text, uint32_t has)
{
    static struct text wanted;
    if (json_is_null(expected))
        return !has;
    read_text(&wanted, expected);
    return has && sandgate_text_equal(text, GIVEN(wanted));
}

static void check_allowed(const sandgate_allowed *allowed, const json_t *expect)
{
    const json_t *grant = json_object_get(expect, "grant");
    if (json_is_true(json_object_get(expect, "preflight"))) {
        CHECK(allowed->basis == SANDGATE_ALLOWED_PREFLIGHT);
        return;
    }
    CHECK(allowed->basis < SANDGATE_ALLOWED_PREFLIGHT && is(json_object_get(expect, "allowed"), allowed_names[allowed->basis]));
    CHECK((allowed->operation != 0) == json_is_object(grant));
    if (allowed->operation == 0)
        return;
    CHECK(is(json_object_get(grant, "operation"), allowed->operation == SANDGATE_OPERATION_READ ? "read" : "write"));
    CHECK(is_text(json_object_get(grant, "path"), &allowed->path, true));
    CHECK(is_text(json_object_get(grant, "user"), &allowed->user, allowed->has_user));
    CHECK(allowed->has_expires == json_is_integer(json_object_get(grant, "expires")));
    CHECK(!allowed->has_expires || allowed->expires == json_integer_value(json_object_get(grant, "expires")));
}

static void ask_controller(const sandgate_head *asked, const json_t *expect)
{
    const json_t *setup = json_object_get(vectors, "controllers");
    sandgate_controller controller;
    sandgate_allowed allowed = {.struct_size = sizeof allowed};
    setup = json_object_get(setup, json_string_value(json_object_get(current, "deployment")));
    init_controller(&controller, json_object_get(setup, "access_tokens"));
    sandgate_result result = sandgate_controller_guard(&controller, asked, time_of_table(), &allowed);
    if (result == SANDGATE_OK)
        check_allowed(&allowed, expect);
    else
        assert_denied(result, expect);
}

static void check_unknown(const sandgate_route *route, const json_t *expect)
{
    char body[256] = {0};
    size_t len;
    CHECK(json_integer_value(json_object_get(expect, "status")) == SANDGATE_UNKNOWN_SANDBOX_STATUS);
    CHECK(sandgate_unknown_sandbox_json(route->sandbox_id, route->sandbox_id_len, body, sizeof body, &len) == SANDGATE_OK);
    CHECK(json_is_null(json_object_get(expect, "gate")));
    CHECK(strstr(body, json_string_value(json_object_get(expect, "message"))) != NULL);
}

/* The forwarded values of one name, in the order of the lines. */
static void check_header(const struct received *asked, const char *name, const json_t *expected)
{
    static struct text wanted;
    static char out[TEXT_MAX];
    size_t next = 0, len = 0;
    uint32_t stays = 0;
    for (size_t at = 0; at < asked->head.line_count; at++) {
        if (!is_named(&asked->names[at], name))
            continue;
        CHECK(sandgate_forward_header(GIVEN(asked->names[at]), GIVEN(asked->values[at]), out, sizeof out, &len, &stays) ==
              SANDGATE_OK);
        if (!stays)
            continue;
        read_text(&wanted, json_array_get(expected, next++));
        CHECK(wanted.len == len && memcmp(wanted.at, out, len) == 0);
    }
    CHECK(next == json_array_size(expected));
}

static void check_forwarded(const struct received *asked, json_t *forwarded)
{
    static struct text wanted;
    static char out[TEXT_MAX];
    const char *name;
    json_t *values;
    size_t len;
    CHECK(sandgate_forward_target(GIVEN(asked->target), out, sizeof out, &len) == SANDGATE_OK);
    read_text(&wanted, json_object_get(forwarded, "target"));
    CHECK(wanted.len == len && memcmp(wanted.at, out, len) == 0);
    json_object_foreach(json_object_get(forwarded, "headers"), name, values)
        check_header(asked, name, values);
}

static void check_passed(const sandgate_route *route, const sandgate_passed *passed, const json_t *expect)
{
    static const char *const carriers[] = {[1] = "header", [2] = "host", [4] = "query", [8] = "cookie"};
    const json_t *carrier = json_object_get(expect, "carrier");
    char to[80];
    snprintf(to, sizeof to, "%u-%s", (unsigned)route->port, route->sandbox_id);
    CHECK(is(json_object_get(expect, "passed"), passed_names[passed->basis]));
    CHECK(passed->carrier == 0 ? json_is_null(carrier) : is(carrier, carriers[passed->carrier]));
    CHECK(is(json_object_get(expect, "route"), to));
}

static void ask_edge(const sandgate_head *asked, const json_t *expect)
{
    sandgate_edge edge;
    sandgate_route route = {.struct_size = sizeof route};
    sandgate_passed passed = {.struct_size = sizeof passed};
    sandgate_sandbox_state state;
    init_edge(&edge);
    sandgate_result result = sandgate_edge_route(&edge, asked, &route);
    if (result == SANDGATE_OK && !look_up(&route, &state)) {
        check_unknown(&route, expect);
        return;
    }
    if (result == SANDGATE_OK)
        result = sandgate_edge_guard(&edge, &route, &state, asked, time_of_table(), &passed);
    if (result == SANDGATE_OK)
        check_passed(&route, &passed, expect);
    else
        assert_denied(result, expect);
}

static void rows(void)
{
    static struct received asked;
    const json_t *expect = json_object_get(current, "expect");
    json_t *forwarded = json_object_get(expect, "forwarded");
    read_request(&asked);
    if (is(json_object_get(current, "gate"), "controller")) {
        ask_controller(&asked.head, expect);
    } else {
        CHECK(is(json_object_get(current, "gate"), "edge"));
        ask_edge(&asked.head, expect);
    }
    if (forwarded != NULL)
        check_forwarded(&asked, forwarded);
}

int main(int argc, char **argv)
{
    static const struct array arrays[] = {{"rows", rows, 300}};
    return RUN_VECTORS(argc, argv, arrays);
}
