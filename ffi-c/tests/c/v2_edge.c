/* The edge's v2 rule through C: generations, passes, signed hosts, their carriers, and forwarding. */

#include "v2.h"

#include <stdlib.h>

#define MANY 1000

static struct v2 all, rotated;
static sandgate_edge edge;
static char pass[SANDGATE_V2_PASS_MAX + 1], label[SANDGATE_V2_SIGNED_HOST_MAX + 1];

/* A request, the state of the sandbox, and the outcome. */
static sandgate_request asked;
static sandgate_sandbox_state known;
static sandgate_route to;
static sandgate_passed passed;
static uint32_t carrier;

static sandgate_result check_at(int64_t now)
{
    passed = (sandgate_passed){.struct_size = sizeof passed};
    carrier = 7;
    sandgate_result result = sandgate_edge_check(&edge, &to, &known, &asked, now, &passed);
    assert_int_equal(sandgate_edge_carrier(&edge, &to, &known, &asked, &carrier), SANDGATE_OK);
    assert_int_equal(passed.carrier, result == SANDGATE_OK ? carrier : 0);
    return result;
}

static void set_carriers(uint32_t carriers)
{
    sandgate_policy policy = policy_of(SANDGATE_POLICY_DEFAULT);
    policy.carriers = carriers;
    assert_int_equal(sandgate_edge_init(&policy, &edge), SANDGATE_OK);
    assert_int_equal(sandgate_edge_set_v2_keyring(&edge, &all.traffic), SANDGATE_OK);
}

static void assert_passed(uint32_t basis, uint32_t by)
{
    const bool ends = basis >= SANDGATE_PASSED_PASS;
    assert_int_equal(check_at(NOW), SANDGATE_OK);
    assert_true(passed.basis == basis && passed.carrier == by && carrier == by);
    assert_true(passed.has_expires == ends && passed.expires == (ends ? NOW + 60 : 0));
}

static void assert_body(sandgate_result refusal, const char *message)
{
    char body[512] = {0}, expected[512] = "{\"sandboxId\":\"" ID "\",\"message\":\"";
    size_t len;
    strcat(strcat(expected, message), "\",\"code\":403}");
    assert_int_equal(
        sandgate_edge_refusal_json(refusal, CHARS(ID), BYTES("/"), body, sizeof body, &len), SANDGATE_OK);
    assert_string_equal(body, expected);
    assert_int_equal(sandgate_result_status(refusal), 403);
}

static void static_tokens_pass_in_their_generation(void **state)
{
    (void)state;
    asked.traffic_token = header(all.traffic_token);
    assert_passed(SANDGATE_PASSED_TOKEN, SANDGATE_CARRIER_HEADER);
    const uint32_t others[] = {1, 0x80000000, UINT32_MAX};
    for (int at = 0; at < 3; at++) {
        struct v2 generation;
        known.generation = others[at];
        assert_int_equal(check_at(NOW), SANDGATE_TRAFFIC_INVALID);
        v2_init(&generation, 'a', SEED_V2, others[at]);
        asked.traffic_token = header(generation.traffic_token);
        assert_int_equal(check_at(NOW), SANDGATE_OK);
        asked.traffic_token = header(all.traffic_token);
    }
    known.generation = 0;
    asked.traffic_token = header(all.access_token);
    assert_int_equal(check_at(NOW), SANDGATE_TRAFFIC_MALFORMED);
    assert_int_equal(carrier, SANDGATE_CARRIER_HEADER);

    /* Stored instead of derived. */
    assert_int_equal(sandgate_edge_init(NULL, &edge), SANDGATE_OK);
    asked.traffic_token = header(all.traffic_token);
    assert_int_equal(check_at(NOW), SANDGATE_TRAFFIC_INVALID);
    known.traffic_token = all.traffic_token;
    known.traffic_token_len = strlen(all.traffic_token);
    assert_passed(SANDGATE_PASSED_TOKEN, SANDGATE_CARRIER_HEADER);
    asked.traffic_token = header(pass);
    assert_passed(SANDGATE_PASSED_PASS, SANDGATE_CARRIER_HEADER);
}

static void old_and_new_root_verify_during_rotation(void **state)
{
    (void)state;
    asked.traffic_token = header(rotated.traffic_token);
    assert_int_equal(check_at(NOW), SANDGATE_TRAFFIC_INVALID);
    sandgate_v2_traffic_keyring both = all.traffic;
    assert_int_equal(sandgate_v2_traffic_keyring_add(&both, BYTES(all.root)), SANDGATE_REPEATED_KEY);
    assert_int_equal(sandgate_v2_traffic_keyring_add(&both, BYTES("sg2r.c.x")), SANDGATE_TOKEN_SHAPE);
    assert_int_equal(sandgate_v2_traffic_keyring_add(&both, BYTES(all.traffic_token)), SANDGATE_TRAFFIC_TOKEN_GIVEN);
    assert_int_equal(sandgate_v2_traffic_keyring_add(&both, BYTES(rotated.root)), SANDGATE_OK);
    assert_int_equal(sandgate_edge_set_v2_keyring(&edge, &both), SANDGATE_OK);
    assert_passed(SANDGATE_PASSED_TOKEN, SANDGATE_CARRIER_HEADER);
    asked.traffic_token = header(all.traffic_token);
    assert_passed(SANDGATE_PASSED_TOKEN, SANDGATE_CARRIER_HEADER);
}

static void prefix_selects_the_format(void **state)
{
    (void)state;
    sandgate_v1_keyring v1;
    char v1_token[SANDGATE_V1_TOKEN_LEN + 1] = {0};
    size_t len;
    assert_int_equal(sandgate_v1_keyring_init(BYTES(SEED), &v1), SANDGATE_OK);
    assert_int_equal(sandgate_v1_keyring_traffic_token(&v1, CHARS(ID), v1_token, sizeof v1_token - 1, &len), SANDGATE_OK);
    asked.traffic_token = header(v1_token);
    assert_int_equal(check_at(NOW), SANDGATE_TRAFFIC_MALFORMED);
    assert_int_equal(sandgate_edge_set_v1_keyring(&edge, &v1), SANDGATE_OK);
    assert_passed(SANDGATE_PASSED_TOKEN, SANDGATE_CARRIER_HEADER);
    asked.traffic_token = header(all.traffic_token);
    assert_passed(SANDGATE_PASSED_TOKEN, SANDGATE_CARRIER_HEADER);
    const sandgate_policy policy = policy_of(SANDGATE_POLICY_E2B_SDKS);
    assert_int_equal(sandgate_edge_init(&policy, &edge), SANDGATE_OK);
    assert_int_equal(sandgate_edge_set_v1_keyring(&edge, &v1), SANDGATE_OK);
    assert_int_equal(sandgate_edge_set_v2_keyring(&edge, &all.traffic), SANDGATE_OK);
    assert_int_equal(check_at(NOW), SANDGATE_TRAFFIC_INVALID);
    asked.traffic_token = header(v1_token);
    assert_passed(SANDGATE_PASSED_TOKEN, SANDGATE_CARRIER_HEADER);
}

static void pass_opens_its_port_until_it_expires(void **state)
{
    (void)state;
    char target[256] = "/?x=%zz&" SANDGATE_TRAFFIC_PARAMETER "=", line[256] = "a=b; " SANDGATE_TRAFFIC_COOKIE "=";
    strcat(target, pass);
    strcat(line, pass);
    const sandgate_bytes lines[] = {{BYTES("c=d")}, {BYTES("")}, {BYTES(line)}};
    asked.traffic_token = header(pass);
    assert_passed(SANDGATE_PASSED_PASS, SANDGATE_CARRIER_HEADER);
    asked = request("GET", target);
    asked.cookies = lines;
    asked.cookie_count = 3;
    assert_int_equal(check_at(NOW), SANDGATE_TRAFFIC_MISSING);
    assert_int_equal(carrier, 0);
    set_carriers(SANDGATE_CARRIER_COOKIE | SANDGATE_CARRIER_QUERY);
    assert_passed(SANDGATE_PASSED_PASS, SANDGATE_CARRIER_QUERY);
    set_carriers(SANDGATE_CARRIER_COOKIE);
    assert_passed(SANDGATE_PASSED_PASS, SANDGATE_CARRIER_COOKIE);
    asked.cookie_count = 2;
    assert_int_equal(check_at(NOW), SANDGATE_TRAFFIC_MISSING);
    asked.cookies = NULL;
    assert_int_equal(sandgate_edge_check(&edge, &to, &known, &asked, NOW, &passed), SANDGATE_NULL_POINTER);
    asked.cookie_count = 0;
    assert_int_equal(check_at(NOW), SANDGATE_TRAFFIC_MISSING);

    set_carriers(SANDGATE_CARRIER_HEADER);
    asked.traffic_token = header(pass);
    assert_int_equal(check_at(NOW + 61), SANDGATE_TRAFFIC_EXPIRED);
    assert_int_equal(check_at(NOW + 60 - 604801), SANDGATE_TRAFFIC_LIFETIME_TOO_LONG);
    to = route(ID, 8081);
    assert_int_equal(check_at(NOW), SANDGATE_TRAFFIC_OUT_OF_SCOPE);
    assert_body(SANDGATE_TRAFFIC_EXPIRED, "traffic access token is already expired");
    assert_body(SANDGATE_TRAFFIC_LIFETIME_TOO_LONG, "traffic access token lifetime is too long");
    assert_body(SANDGATE_TRAFFIC_OUT_OF_SCOPE, "traffic access token does not cover this port");
}

/* All lines are read, for any number of them, and none after the last. */
static void all_cookie_lines_are_read(void **state)
{
    (void)state;
    char line[256] = SANDGATE_TRAFFIC_COOKIE "=";
    strcat(line, pass);
    sandgate_bytes *lines = malloc(MANY * sizeof *lines);
    assert_non_null(lines);
    for (size_t at = 0; at < MANY; at++)
        lines[at] = (sandgate_bytes){BYTES("a=b; c")};
    lines[MANY - 1] = (sandgate_bytes){BYTES(line)};
    set_carriers(SANDGATE_CARRIER_COOKIE);
    asked.cookies = lines;
    asked.cookie_count = MANY - 1;
    assert_int_equal(check_at(NOW), SANDGATE_TRAFFIC_MISSING);
    asked.cookie_count = MANY;
    assert_passed(SANDGATE_PASSED_PASS, SANDGATE_CARRIER_COOKIE);
    lines[0] = lines[MANY - 1];
    assert_int_equal(check_at(NOW), SANDGATE_TRAFFIC_MALFORMED);
    const size_t absurd[] = {SIZE_MAX, SIZE_MAX / 2, SIZE_MAX / 16, SIZE_MAX / 32 + 1};
    for (int at = 0; at < 4; at++) {
        asked.cookie_count = absurd[at];
        assert_int_equal(sandgate_edge_screen(&edge, &to, &asked), SANDGATE_NULL_POINTER);
    }
    free(lines);
}

static void context_must_match(void **state)
{
    (void)state;
    char bound[SANDGATE_V2_PASS_MAX + 1] = {0};
    size_t len;
    int64_t end;
    assert_int_equal(sandgate_v2_pass_issue(&all.traffic_key, 8080, NOW + 60, BYTES("them"), bound, sizeof bound, &len),
                     SANDGATE_OK);
    asked.traffic_token = header(bound);
    assert_int_equal(check_at(NOW), SANDGATE_TRAFFIC_INVALID);
    asked.context = "them";
    asked.context_len = 4;
    assert_passed(SANDGATE_PASSED_PASS, SANDGATE_CARRIER_HEADER);
    asked.traffic_token = header(pass);
    assert_int_equal(check_at(NOW), SANDGATE_TRAFFIC_INVALID);

#define VERIFY(port, ...) sandgate_v2_pass_verify(&all.traffic_key, BYTES(bound), port, __VA_ARGS__, NOW, &end)
    SET_UNWRITTEN(end);
    assert_int_equal(VERIFY(8080, NULL, 0), SANDGATE_TRAFFIC_INVALID);
    assert_int_equal(VERIFY(8080, BYTES("then")), SANDGATE_TRAFFIC_INVALID);
    assert_int_equal(VERIFY(8081, BYTES("them")), SANDGATE_TRAFFIC_OUT_OF_SCOPE);
    ASSERT_UNWRITTEN(end);
    assert_int_equal(VERIFY(8080, BYTES("them")), SANDGATE_OK);
    assert_true(end == NOW + 60);
}

static void parse(const char *text)
{
    char host[256];
    strcat(strcpy(host, text), ".e2b.app");
    const sandgate_header given = header(host), absent = header(NULL);
    to = (sandgate_route){.struct_size = sizeof to};
    assert_int_equal(sandgate_route_parse(&given, &absent, &absent, &to), SANDGATE_OK);
    assert_string_equal(to.sandbox_id, ID);
}

static void signed_host_opens_its_port(void **state)
{
    (void)state;
    char other[256];
    int64_t end;
    parse(label);
    assert_passed(SANDGATE_PASSED_SIGNED_HOST, SANDGATE_CARRIER_HOST);
    assert_int_equal(check_at(NOW + 61), SANDGATE_TRAFFIC_EXPIRED);
    assert_int_equal(check_at(NOW + 60 - 86401), SANDGATE_TRAFFIC_LIFETIME_TOO_LONG);
    const sandgate_route found = to;

    /* A route is plain data: a forged one opens nothing. */
    memset(to._signed_part, 0, sizeof to._signed_part);
    assert_int_equal(check_at(NOW), SANDGATE_TRAFFIC_MISSING);
    for (size_t at = 0; at < sizeof to._signed_part; at++) {
        to = found;
        to._signed_part[at] ^= 1;
        const sandgate_result result = check_at(NOW);
        assert_true(result == SANDGATE_TRAFFIC_INVALID || result == SANDGATE_TRAFFIC_MALFORMED);
        assert_int_equal(carrier, SANDGATE_CARRIER_HOST);
    }
    to = found;
    to.port++;
    assert_int_equal(check_at(NOW), SANDGATE_TRAFFIC_INVALID);

    parse(strcat(strcpy(other, "0"), label));
    assert_int_equal(check_at(NOW), SANDGATE_TRAFFIC_MALFORMED);
    parse(strcat(strcpy(other, label), "-x"));
    assert_int_equal(check_at(NOW), SANDGATE_TRAFFIC_MISSING);
    parse(label);
    set_carriers(SANDGATE_CARRIER_HEADER);
    assert_int_equal(check_at(NOW), SANDGATE_TRAFFIC_MISSING);

#define VERIFY_HOST(id, port)                                                                                \
    sandgate_v2_signed_host_verify(&all.traffic_key, BYTES(label), CHARS(id), port, NOW, &end)
    SET_UNWRITTEN(end);
    assert_int_equal(VERIFY_HOST("other", 8080), SANDGATE_TRAFFIC_INVALID);
    assert_int_equal(VERIFY_HOST(ID, 8081), SANDGATE_TRAFFIC_OUT_OF_SCOPE);
    ASSERT_UNWRITTEN(end);
    assert_int_equal(VERIFY_HOST(ID, 8080), SANDGATE_OK);
    assert_true(end == NOW + 60);
}

typedef sandgate_result forward(const void *, size_t, char *, size_t, size_t *);

static void assert_forwards(forward *forward, const char *given, const char *expected)
{
    char out[256] = {0};
    size_t len = 7;
    assert_int_equal(forward(BYTES(given), out, sizeof out, &len), SANDGATE_OK);
    assert_string_equal(out, expected);
    assert_int_equal(len, strlen(expected));
}

static void forwarded_parts_have_no_credentials(void **state)
{
    (void)state;
    forward *const query = sandgate_forward_query, *const cookie = sandgate_forward_cookie;
    assert_forwards(query, "a=1&sandgate_traffic=x&b", "a=1&b");
    assert_forwards(query, "%73andgate_traffic&a=%zz&sandgate_traffic=y", "a=%zz");
    assert_forwards(query, "&a;b&&", "&a;b&&");
    assert_forwards(query, "sandgate_traffic", "");
    assert_forwards(cookie, "a=1;__Host-sandgate-traffic=x ; b=2", "a=1; b=2");
    assert_forwards(cookie, "\t__Host-sandgate-traffic = \"x\";; c", "c");
    assert_forwards(cookie, "__Host-sandgate-traffic=", "");
    assert_forwards(cookie, "__Host-sandgate-traffic=x, a=1;b", "a=1; b");
    assert_forwards(cookie, "a=b;  c=d", "a=b;  c=d");
    assert_forwards(cookie, "__Host-sandgate-traffic", "__Host-sandgate-traffic");
}

/* Each test starts with a restricted sandbox, a route to port 8080, and a request without credentials. */
static int setup(void **state)
{
    (void)state;
    set_carriers(SANDGATE_CARRIER_HEADER | SANDGATE_CARRIER_HOST);
    asked = request("GET", "/");
    known = (sandgate_sandbox_state){.struct_size = sizeof known, .restricted = 1};
    to = route(ID, 8080);
    return 0;
}

static int init(void **state)
{
    (void)state;
    size_t len;
    v2_init(&all, 'a', SEED_V2, 0);
    v2_init(&rotated, 'b', SEED_V2 "2", 0);
    return sandgate_v2_pass_issue(&all.traffic_key, 8080, NOW + 60, NULL, 0, pass, sizeof pass, &len) ||
           sandgate_v2_signed_host_issue(&all.traffic_key, CHARS(ID), 8080, NOW + 60, label, sizeof label, &len);
}

static void controllers_port_is_configurable(void **state)
{
    (void)state;
    /* The policy and the keyring stay: a pass in the query is still accepted. */
    set_carriers(SANDGATE_CARRIER_HEADER | SANDGATE_CARRIER_QUERY);
    assert_int_equal(sandgate_edge_set_controller_port(&edge, 9000), SANDGATE_OK);
    asked.traffic_token = header(all.traffic_token);
    assert_passed(SANDGATE_PASSED_TOKEN, SANDGATE_CARRIER_HEADER);
    to.port = SANDGATE_CONTROLLER_PORT;
    assert_passed(SANDGATE_PASSED_TOKEN, SANDGATE_CARRIER_HEADER);
    asked.traffic_token = header("sg2t.x");
    assert_int_equal(check_at(NOW), SANDGATE_TRAFFIC_MALFORMED);
    to.port = 9000;
    assert_int_equal(check_at(NOW), SANDGATE_OK);
    assert_int_equal(passed.basis, SANDGATE_PASSED_CONTROLLER_PORT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(static_tokens_pass_in_their_generation, setup), cmocka_unit_test_setup(old_and_new_root_verify_during_rotation, setup),
        cmocka_unit_test_setup(prefix_selects_the_format, setup),  cmocka_unit_test_setup(pass_opens_its_port_until_it_expires, setup),
        cmocka_unit_test_setup(all_cookie_lines_are_read, setup),  cmocka_unit_test_setup(context_must_match, setup),
        cmocka_unit_test_setup(signed_host_opens_its_port, setup), cmocka_unit_test(forwarded_parts_have_no_credentials),
        cmocka_unit_test_setup(controllers_port_is_configurable, setup),
    };
    return cmocka_run_group_tests(tests, init, NULL);
}
