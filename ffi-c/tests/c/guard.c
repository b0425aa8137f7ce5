/* Requests as a server receives them, line by line: the decisions of the guards, and the forwarded lines. */

#include "v2.h"

#define LINE(name, value) {BYTES(name), BYTES(value)}
#define HOST LINE("Host", "8080-" ID ".e2b.app")
#define PART "a0ts17k1abcdefghijklmnopqrstuvwxyz"

static sandgate_controller controller;
static sandgate_edge edge;

#define HEAD(method, target, lines) head(method, target, lines, sizeof(lines) / sizeof *(lines))

/* The controller's answer, and why it allows. */
static sandgate_result guard(const sandgate_head *asked, uint32_t *basis)
{
    sandgate_allowed allowed = {.struct_size = sizeof allowed, .basis = 7};
    sandgate_result result = sandgate_controller_guard(&controller, asked, NOW, &allowed);
    *basis = allowed.basis;
    assert_true((result == SANDGATE_OK) != (allowed.basis == 7));
    return result;
}

static void assert_guard(const sandgate_head *asked, sandgate_result expected, uint32_t basis)
{
    uint32_t decided;
    assert_int_equal(guard(asked, &decided), expected);
    assert_int_equal(decided, basis);
}

static void controller_guard_decides_from_lines(void **state)
{
    (void)state;
    const sandgate_header_line none[] = {HOST}, right[] = {HOST, LINE("x-ACCESS-token", TOKEN)},
                               wrong[] = {LINE("X-Access-Token", "wrong")},
                               twice[] = {LINE("X-Access-Token", TOKEN), LINE("x-access-token", TOKEN)},
                               spaced[] = {LINE("X-Access-Token", " \t" TOKEN "\t ")}, blank[] = {LINE("X-Access-Token", " ")};
    sandgate_head asked = HEAD("GET", "/metrics", none);
    assert_guard(&asked, SANDGATE_ROUTE_MISSING, 7);
    asked = HEAD("GET", "/metrics", right);
    assert_guard(&asked, SANDGATE_OK, SANDGATE_ALLOWED_TOKEN);
    asked = HEAD("GET", "/metrics", wrong);
    assert_guard(&asked, SANDGATE_ROUTE_INVALID, 7);
    asked = HEAD("GET", "/metrics", twice);
    assert_guard(&asked, SANDGATE_ROUTE_MALFORMED, 7);
    asked = HEAD("GET", "/metrics", spaced);
    assert_guard(&asked, SANDGATE_OK, SANDGATE_ALLOWED_TOKEN);
    asked = HEAD("GET", "/metrics", blank);
    assert_guard(&asked, SANDGATE_ROUTE_MISSING, 7);
    asked = head("GET", "/health", NULL, 0);
    assert_guard(&asked, SANDGATE_OK, SANDGATE_ALLOWED_EXEMPT);

    /* The route is matched as received. */
    asked = HEAD("GET", "/%68ealth", none);
    assert_guard(&asked, SANDGATE_ROUTE_MISSING, 7);
    asked = HEAD("GET", "/%66iles?path=/a", right);
    sandgate_allowed allowed = {.struct_size = sizeof allowed};
    assert_int_equal(sandgate_controller_guard(&controller, &asked, NOW, &allowed), SANDGATE_OK);
    assert_true(allowed.basis == SANDGATE_ALLOWED_TOKEN && allowed.operation == 0);
    asked = HEAD("GET", "/files?path=/a", right);
    assert_int_equal(sandgate_controller_guard(&controller, &asked, NOW, &allowed), SANDGATE_OK);
    assert_true(allowed.operation == SANDGATE_OPERATION_READ && allowed.path.len == 2);
}

static void comma_in_a_joined_line_is_refused(void **state)
{
    (void)state;
    const sandgate_header_line joined[] = {LINE("X-Access-Token", TOKEN ", " TOKEN)},
                               once[] = {LINE("X-Access-Token", TOKEN)};
    sandgate_head asked = HEAD("GET", "/metrics", joined);
    assert_guard(&asked, SANDGATE_ROUTE_INVALID, 7);
    asked.is_joined = 1;
    assert_guard(&asked, SANDGATE_ROUTE_MALFORMED, 7);
    asked = HEAD("GET", "/metrics", once);
    asked.is_joined = 1;
    assert_guard(&asked, SANDGATE_OK, SANDGATE_ALLOWED_TOKEN);
}

static void preflights_have_no_body_and_no_upgrade(void **state)
{
    (void)state;
    sandgate_header_line lines[] = {
        LINE("Origin", "https://app.example"), LINE("Access-Control-Request-Method", "PUT"), LINE("Content-Length", "0")};
    sandgate_head asked = HEAD("OPTIONS", "/files", lines);
    assert_guard(&asked, SANDGATE_OK, SANDGATE_ALLOWED_PREFLIGHT);

    /* A body, from a header or known only to the server, and an upgrade. */
    const sandgate_header_line others[] = {
        LINE("Content-Length", "2"), LINE("Transfer-Encoding", "chunked"), LINE("Upgrade", "websocket")};
    for (size_t at = 0; at < sizeof others / sizeof *others; at++) {
        lines[2] = others[at];
        assert_guard(&asked, SANDGATE_ROUTE_MISSING, 7);
    }
    asked.line_count = 2;
    assert_guard(&asked, SANDGATE_OK, SANDGATE_ALLOWED_PREFLIGHT);
    asked.has_body = 1;
    assert_guard(&asked, SANDGATE_ROUTE_MISSING, 7);
    asked.line_count = 1;
    assert_guard(&asked, SANDGATE_ROUTE_MISSING, 7);

    /* It grants nothing. */
    asked = HEAD("OPTIONS", "/files?path=/a", lines);
    asked.line_count = 2;
    sandgate_allowed allowed = {.struct_size = sizeof allowed, .operation = 7};
    assert_int_equal(sandgate_controller_guard(&controller, &asked, NOW, &allowed), SANDGATE_OK);
    assert_true(allowed.basis == SANDGATE_ALLOWED_PREFLIGHT && allowed.operation == 0 && allowed.path.raw == NULL);
}

static sandgate_result find(const sandgate_head *asked, sandgate_route *found)
{
    *found = (sandgate_route){.struct_size = sizeof *found};
    sandgate_result result = sandgate_edge_route(&edge, asked, found);
    assert_true((result == SANDGATE_OK) == (found->port != 0));
    return result;
}

static void edge_finds_the_route_and_screens(void **state)
{
    (void)state;
    const sandgate_header_line host[] = {HOST}, twice[] = {HOST, HOST}, inside[] = {LINE("host", "49983-" ID ".e2b.app")},
                               by_headers[] = {LINE("Host", "localhost"), LINE("Novita-Sandbox-Port", "80"),
                                               LINE("E2b-Sandbox-Id", ID)};
    sandgate_route found;
    sandgate_head asked = HEAD("GET", "/", host);
    assert_int_equal(find(&asked, &found), SANDGATE_OK);
    assert_string_equal(found.sandbox_id, ID);
    assert_int_equal(found.port, 8080);
    asked = HEAD("GET", "/", by_headers);
    assert_int_equal(find(&asked, &found), SANDGATE_OK);
    assert_int_equal(found.port, 80);

    asked = HEAD("GET", "/", twice);
    assert_int_equal(find(&asked, &found), SANDGATE_HOST_MALFORMED);
    asked = head("GET", "/", NULL, 0);
    assert_int_equal(find(&asked, &found), SANDGATE_HOST_MISSING);
    const struct {
        const char *target;
        sandgate_result elsewhere, at_controller;
    } targets[] = {
        {"http://8080-" ID ".e2b.app/", SANDGATE_HOST_MALFORMED, SANDGATE_HOST_MALFORMED},
        {"*", SANDGATE_HOST_MALFORMED, SANDGATE_HOST_MALFORMED},
        {"/init#x", SANDGATE_INTERNAL_ROUTE_MALFORMED, SANDGATE_INTERNAL_ROUTE_MALFORMED},
        {"/\\init", SANDGATE_INTERNAL_ROUTE_MALFORMED, SANDGATE_INTERNAL_ROUTE_MALFORMED},
        {"//init/", SANDGATE_OK, SANDGATE_INTERNAL_ROUTE_MALFORMED},
        {"/%252e", SANDGATE_OK, SANDGATE_INTERNAL_ROUTE_MALFORMED},
        {"/%69nit/", SANDGATE_OK, SANDGATE_INTERNAL_ROUTE_OUT_OF_SCOPE},
        {"/files", SANDGATE_OK, SANDGATE_OK},
    };
    for (size_t at = 0; at < sizeof targets / sizeof *targets; at++) {
        asked = HEAD("POST", targets[at].target, host);
        assert_int_equal(find(&asked, &found), targets[at].elsewhere);
        asked = HEAD("POST", targets[at].target, inside);
        assert_int_equal(find(&asked, &found), targets[at].at_controller);
    }
}

static void edge_guard_decides_from_lines(void **state)
{
    (void)state;
    struct v2 v2;
    v2_init(&v2, 'a', SEED_V2, 0);
    char pass[SANDGATE_V2_PASS_MAX + 1] = {0}, cookie[128] = SANDGATE_TRAFFIC_COOKIE "=";
    size_t len;
    assert_int_equal(sandgate_v2_pass_issue(&v2.traffic_key, 8080, NOW, NULL, 0, pass, sizeof pass - 1, &len), SANDGATE_OK);
    strcat(cookie, pass);
    sandgate_policy policy = policy_of(SANDGATE_POLICY_DEFAULT);
    policy.carriers = SANDGATE_CARRIER_HEADER | SANDGATE_CARRIER_COOKIE;
    sandgate_edge guarding;
    assert_int_equal(sandgate_edge_init(&policy, &guarding), SANDGATE_OK);
    assert_int_equal(sandgate_edge_set_v2_keyring(&guarding, &v2.traffic), SANDGATE_OK);

    const sandgate_header_line none[] = {HOST}, by_cookie[] = {HOST, LINE("Cookie", "a=1"), LINE("cookie", cookie)},
                               by_token[] = {HOST, LINE(SANDGATE_TRAFFIC_HEADER, v2.traffic_token)},
                               wrong[] = {HOST, LINE(SANDGATE_TRAFFIC_HEADER, "wrong"), LINE("Cookie", cookie)};
    const struct {
        sandgate_head asked;
        int64_t now;
        sandgate_result result;
        uint32_t basis, carrier;
    } rows[] = {
        {HEAD("GET", "/", none), NOW, SANDGATE_TRAFFIC_MISSING, 0, 0},
        {HEAD("GET", "/", by_cookie), NOW, SANDGATE_OK, SANDGATE_PASSED_PASS, SANDGATE_CARRIER_COOKIE},
        {HEAD("GET", "/", by_cookie), NOW + 1, SANDGATE_TRAFFIC_EXPIRED, 0, 0},
        {HEAD("GET", "/", by_token), NOW, SANDGATE_OK, SANDGATE_PASSED_TOKEN, SANDGATE_CARRIER_HEADER},
        {HEAD("GET", "/", wrong), NOW, SANDGATE_TRAFFIC_MALFORMED, 0, 0},
        {HEAD("GET", "/#", by_token), NOW, SANDGATE_INTERNAL_ROUTE_MALFORMED, 0, 0},
    };
    const sandgate_sandbox_state restricted = {.struct_size = sizeof restricted, .restricted = 1};
    const sandgate_route to = route(ID, 8080);
    for (size_t at = 0; at < sizeof rows / sizeof *rows; at++) {
        sandgate_passed passed = {.struct_size = sizeof passed};
        sandgate_result result =
            sandgate_edge_guard(&guarding, &to, &restricted, &rows[at].asked, rows[at].now, &passed);
        assert_int_equal(result, rows[at].result);
        assert_true(passed.basis == rows[at].basis && passed.carrier == rows[at].carrier);
    }
}

/* NULL if the line is removed. */
static void assert_forwards(const char *name, const char *value, const char *expected)
{
    char out[256] = {0};
    size_t len = 0;
    uint32_t stays = 7;
    assert_int_equal(sandgate_forward_header(BYTES(name), BYTES(value), out, sizeof out, &len, &stays), SANDGATE_OK);
    assert_int_equal(stays, expected != NULL);
    assert_int_equal(len, strlen(out));
    assert_string_equal(out, expected == NULL ? "" : expected);
}

static void forwarded_lines_have_no_credentials(void **state)
{
    (void)state;
    assert_forwards("E2b-Traffic-Access-Token", "secret", NULL);
    assert_forwards("Cookie", "__Host-sandgate-traffic=x", NULL);
    assert_forwards("cookie", "a=1;__Host-sandgate-traffic=x;b", "a=1; b");
    assert_forwards("Cookie", "a;b;  c;;d", "a;b;  c;;d");
    assert_forwards("Cookie", "a=1, __Host-sandgate-traffic=2", "a=1");
    assert_forwards("Host", "8080-" ID "-" PART ".e2b.app:443", "8080-" ID ".e2b.app:443");
    assert_forwards("X-Forwarded-Host", "8080-" ID "-" PART ".e2b.app, x", "8080-" ID ".e2b.app, x");
    assert_forwards("X-Original-URI", "/a?sandgate_traffic=x&b=%zz", "/a?b=%zz");
    assert_forwards("Accept", "*/*", "*/*");
    assert_forwards("Accept", "", "");

    char out[64] = {0};
    size_t len;
    assert_int_equal(sandgate_forward_target(BYTES("/a?x&sandgate%5ftraffic=y&&"), out, sizeof out, &len), SANDGATE_OK);
    assert_true(len == strlen("/a?x&&"));
    assert_string_equal(out, "/a?x&&");

    /* If the buffer is too small, only the needed size is written. */
    uint32_t stays = 7;
    assert_int_equal(sandgate_forward_header(BYTES("Accept"), BYTES("*/*"), out, 2, &len, &stays), SANDGATE_BUFFER_TOO_SMALL);
    assert_true(len == 3 && stays == 7);
}

static void header_name_lists_end_with_null(void **state)
{
    (void)state;
    bool has_upgrade = false, has_forwarded_host = false;
    size_t deciding = 0, forwarded = 0;
    for (const char *name; (name = sandgate_deciding_header(deciding)) != NULL; deciding++)
        has_upgrade |= strcmp(name, "upgrade") == 0;
    for (const char *name; (name = sandgate_forwarded_header(forwarded)) != NULL; forwarded++)
        has_forwarded_host |= strcmp(name, "x-forwarded-host") == 0;
    assert_true(has_upgrade && has_forwarded_host && deciding == 14 && forwarded == 35);
    assert_null(sandgate_deciding_header(SIZE_MAX));
    assert_null(sandgate_forwarded_header(SIZE_MAX));
}

static void unknown_sandbox_is_502(void **state)
{
    (void)state;
    char body[256] = {0};
    size_t len;
    assert_int_equal(sandgate_unknown_sandbox_json(CHARS(ID), body, sizeof body, &len), SANDGATE_OK);
    assert_string_equal(body, "{\"sandboxId\":\"" ID "\",\"message\":\"The sandbox was not found\",\"code\":502}");
    assert_true(len == strlen(body) && SANDGATE_UNKNOWN_SANDBOX_STATUS == 502);
    assert_int_equal(sandgate_unknown_sandbox_json(CHARS("a b"), body, sizeof body, &len), SANDGATE_BAD_SANDBOX_ID);
}

/* Lines whose pointers are NULL, and counts larger than any memory. */
static void invalid_heads_are_misuse(void **state)
{
    (void)state;
    sandgate_header_line lines[] = {LINE("X-Access-Token", TOKEN), LINE("Accept", "")};
    sandgate_head good = HEAD("GET", "/metrics", lines), asked = good;
    assert_guard(&asked, SANDGATE_OK, SANDGATE_ALLOWED_TOKEN);
    for (size_t count = 1; count != 0; count <<= 1) {
        asked = good;
        asked.lines = NULL;
        asked.line_count = count;
        assert_guard(&asked, SANDGATE_NULL_POINTER, 7);
        if (count > PTRDIFF_MAX / sizeof *lines) {
            asked.lines = lines;
            assert_guard(&asked, SANDGATE_NULL_POINTER, 7);
        }
    }
    asked = good;
    asked.line_count = 0;
    assert_guard(&asked, SANDGATE_ROUTE_MISSING, 7);
    lines[1].value = NULL;
    assert_guard(&good, SANDGATE_NULL_POINTER, 7);
    lines[1] = (sandgate_header_line){NULL, 0, BYTES("")};
    assert_guard(&good, SANDGATE_NULL_POINTER, 7);
    lines[1] = (sandgate_header_line){BYTES(""), BYTES("")};
    assert_guard(&good, SANDGATE_OK, SANDGATE_ALLOWED_TOKEN);
    lines[1].name_len = SIZE_MAX;
    assert_guard(&good, SANDGATE_NULL_POINTER, 7);
    lines[1].name_len = 0;
    lines[1].value_len = SIZE_MAX / 2 + 1;
    assert_guard(&good, SANDGATE_NULL_POINTER, 7);
    asked = good;
    asked.line_count = 1;
    asked.context = "";
    assert_guard(&asked, SANDGATE_BAD_CONTEXT, 7);
}

static int init(void **state)
{
    (void)state;
    return sandgate_controller_init(BYTES(TOKEN), NULL, &controller) || sandgate_edge_init(NULL, &edge);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(controller_guard_decides_from_lines),
        cmocka_unit_test(comma_in_a_joined_line_is_refused),
        cmocka_unit_test(preflights_have_no_body_and_no_upgrade),
        cmocka_unit_test(edge_finds_the_route_and_screens),
        cmocka_unit_test(edge_guard_decides_from_lines),
        cmocka_unit_test(forwarded_lines_have_no_credentials),
        cmocka_unit_test(header_name_lists_end_with_null),
        cmocka_unit_test(unknown_sandbox_is_502),
        cmocka_unit_test(invalid_heads_are_misuse),
    };
    return cmocka_run_group_tests(tests, init, NULL);
}
