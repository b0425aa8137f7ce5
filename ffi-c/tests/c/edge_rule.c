/* The edge's rule through C: routing, screening, traffic tokens, and the JSON bodies to the byte. */

#include "check.h"

#define TRAFFIC(rest)                                                                                        \
    "{\"sandboxId\":\"" ID "\",\"message\":\"Sandbox is secured with traffic access token. " rest "\",\"code\":403}"
#define MISSING TRAFFIC("Token header 'e2b-traffic-access-token' is missing")
#define INVALID TRAFFIC("Provided token in header 'e2b-traffic-access-token' is invalid")
#define MALFORMED "{\"code\":400,\"message\":\"malformed request\"}"

static sandgate_v1_keyring keyring;
static sandgate_edge plain, deriving;
static char traffic_token[65], access_token[65];

static void assert_body(sandgate_result refusal, const char *id, const char *path, int status, const char *expected)
{
    char body[512] = {0};
    size_t len;
    assert_int_equal(sandgate_edge_refusal_json(refusal, id, id ? strlen(id) : 0, BYTES(path), body, sizeof body, &len),
                     SANDGATE_OK);
    assert_int_equal(len, strlen(body));
    assert_string_equal(body, expected);
    assert_int_equal(sandgate_result_status(refusal), status);
}

/* The answer for a restricted sandbox. If `stored` is NULL, the edge got no token. */
static sandgate_result ask(const sandgate_edge *edge, const char *stored, sandgate_header presented)
{
    sandgate_request asked = request("GET", "/");
    asked.traffic_token = presented;
    sandgate_route to = route(ID, 8080);
    sandgate_sandbox_state known = {.struct_size = sizeof known, .restricted = 1};
    if (stored != NULL) {
        known.traffic_token = stored;
        known.traffic_token_len = strlen(stored);
    }
    sandgate_passed passed = {.struct_size = sizeof passed, .basis = 7};
    uint32_t carrier = 7;
    sandgate_result result = sandgate_edge_check(edge, &to, &known, &asked, NOW, &passed);
    assert_int_equal(passed.basis, result == SANDGATE_OK ? SANDGATE_PASSED_TOKEN : 7);
    assert_int_equal(passed.carrier, result == SANDGATE_OK ? SANDGATE_CARRIER_HEADER : 0);
    if (result != SANDGATE_BAD_TOKEN) {
        assert_int_equal(sandgate_edge_carrier(edge, &to, &known, &asked, &carrier), SANDGATE_OK);
        assert_int_equal(carrier, result == SANDGATE_TRAFFIC_MISSING ? 0 : SANDGATE_CARRIER_HEADER);
    }
    return result;
}

static void restricted_sandbox_requires_its_token(void **state)
{
    (void)state;
    sandgate_header twice = header(traffic_token);
    twice.count = 2;
    const struct {
        const sandgate_edge *edge;
        const char *stored;
    } ways[] = {{&plain, traffic_token}, {&deriving, NULL}, {&deriving, traffic_token}};
    for (size_t at = 0; at < sizeof ways / sizeof *ways; at++) {
        assert_int_equal(ask(ways[at].edge, ways[at].stored, header(traffic_token)), SANDGATE_OK);
        assert_int_equal(ask(ways[at].edge, ways[at].stored, header(NULL)), SANDGATE_TRAFFIC_MISSING);
        assert_int_equal(ask(ways[at].edge, ways[at].stored, header("")), SANDGATE_TRAFFIC_MISSING);
        assert_int_equal(ask(ways[at].edge, ways[at].stored, header("wrong")), SANDGATE_TRAFFIC_INVALID);
        assert_int_equal(ask(ways[at].edge, ways[at].stored, header(access_token)), SANDGATE_TRAFFIC_INVALID);
        assert_int_equal(ask(ways[at].edge, ways[at].stored, twice), SANDGATE_TRAFFIC_MALFORMED);
    }
    /* Without a seed and a token, it fails closed. */
    assert_int_equal(ask(&plain, NULL, header(traffic_token)), SANDGATE_TRAFFIC_INVALID);
    assert_int_equal(ask(&plain, "opaque text", header("opaque text")), SANDGATE_OK);
    assert_int_equal(ask(&plain, "\xff", header("\xff")), SANDGATE_BAD_TOKEN);

    assert_body(SANDGATE_TRAFFIC_MISSING, ID, "/", 403, MISSING);
    assert_body(SANDGATE_TRAFFIC_INVALID, ID, "/", 403, INVALID);
    assert_body(SANDGATE_TRAFFIC_MALFORMED, ID, "/", 403, INVALID);
}

static void tokens_of_both_seeds_pass(void **state)
{
    (void)state;
    sandgate_v1_keyring rotated;
    sandgate_edge edge;
    char old_token[65] = {0}, new_token[65] = {0};
    size_t len;
    assert_int_equal(sandgate_v1_keyring_init(BYTES("the newer seed, 16 bytes"), &rotated), SANDGATE_OK);
    assert_int_equal(sandgate_v1_keyring_traffic_token(&rotated, CHARS(ID), new_token, 64, &len), SANDGATE_OK);
    assert_int_equal(sandgate_v1_keyring_traffic_token(&keyring, CHARS(ID), old_token, 64, &len), SANDGATE_OK);
    assert_int_equal(init_deriving(&edge, &rotated), SANDGATE_OK);
    assert_int_equal(ask(&edge, NULL, header(old_token)), SANDGATE_TRAFFIC_INVALID);

    assert_int_equal(sandgate_v1_keyring_add(&rotated, BYTES(SEED)), SANDGATE_OK);
    assert_int_equal(init_deriving(&edge, &rotated), SANDGATE_OK);
    assert_int_equal(ask(&edge, NULL, header(old_token)), SANDGATE_OK);
    assert_int_equal(ask(&edge, NULL, header(new_token)), SANDGATE_OK);

    for (int seeds = 2; seeds < 8; seeds++)
        assert_int_equal(sandgate_v1_keyring_add(&rotated, BYTES(SEED)), SANDGATE_OK);
    assert_int_equal(sandgate_v1_keyring_add(&rotated, BYTES(SEED)), SANDGATE_TOO_MANY_SEEDS);
}

static uint32_t passed_by(const sandgate_edge *edge, uint32_t port, uint32_t restricted)
{
    sandgate_request asked = request("GET", "/files");
    sandgate_route to = route(ID, port);
    sandgate_sandbox_state known = {.struct_size = sizeof known, .restricted = restricted};
    sandgate_passed passed = {.struct_size = sizeof passed};
    sandgate_result result = sandgate_edge_check(edge, &to, &known, &asked, NOW, &passed);
    assert_int_equal(result, passed.basis == 0 ? SANDGATE_TRAFFIC_MISSING : SANDGATE_OK);
    assert_true(passed.carrier == 0 && passed.has_expires == 0);
    return passed.basis;
}

static void controllers_port_needs_no_token(void **state)
{
    (void)state;
    assert_int_equal(passed_by(&plain, 49983, 1), SANDGATE_PASSED_CONTROLLER_PORT);
    assert_int_equal(passed_by(&plain, 8080, 1), 0);
    assert_int_equal(passed_by(&plain, 8080, 0), SANDGATE_PASSED_PUBLIC);
    sandgate_edge moved = plain;
    assert_int_equal(sandgate_edge_set_controller_port(&moved, 5000), SANDGATE_OK);
    assert_int_equal(passed_by(&moved, 5000, 1), SANDGATE_PASSED_CONTROLLER_PORT);
    assert_int_equal(passed_by(&moved, 49983, 1), 0);
}

static void internal_routes_are_404(void **state)
{
    (void)state;
    const char *const paths[] = {"/init",  "/upgrade",  "/freeze",   "/unfreeze", "/fsfreeze",
                                 "/fsthaw", "/collapse", "/%69nit/", "/x/../init?q"};
    sandgate_route inside = route(ID, 49983), other = route(ID, 8080);
    sandgate_sandbox_state known = {.struct_size = sizeof known};
    sandgate_passed passed = {.struct_size = sizeof passed};
    for (size_t at = 0; at < sizeof paths / sizeof *paths; at++) {
        sandgate_request asked = request("POST", paths[at]);
        assert_int_equal(sandgate_edge_screen(&plain, &inside, &asked), SANDGATE_INTERNAL_ROUTE_OUT_OF_SCOPE);
        assert_int_equal(sandgate_edge_check(&plain, &inside, &known, &asked, NOW, &passed),
                         SANDGATE_INTERNAL_ROUTE_OUT_OF_SCOPE);
        assert_int_equal(sandgate_edge_screen(&plain, &other, &asked), SANDGATE_OK);
    }
    const char *const malformed[] = {"/%zz", "//init/", "/init#x", "/\\init", "/%2569nit", "/init%00"};
    for (size_t at = 0; at < sizeof malformed / sizeof *malformed; at++) {
        sandgate_request asked = request("POST", malformed[at]);
        assert_int_equal(sandgate_edge_screen(&plain, &inside, &asked), SANDGATE_INTERNAL_ROUTE_MALFORMED);
    }
    sandgate_request files = request("GET", "/files");
    assert_int_equal(sandgate_edge_screen(&plain, &inside, &files), SANDGATE_OK);

    assert_body(SANDGATE_INTERNAL_ROUTE_OUT_OF_SCOPE, ID, "/init", 404,
                "{\"message\":\"not found\",\"path\":\"/init\",\"code\":404}");
    assert_body(SANDGATE_INTERNAL_ROUTE_MALFORMED, ID, "/%zz", 400, MALFORMED);
}

static sandgate_result parse(sandgate_header host, sandgate_header id, sandgate_header port, sandgate_route *found)
{
    *found = (sandgate_route){.struct_size = sizeof *found};
    return sandgate_route_parse(&host, &id, &port, found);
}

static void routes_are_parsed_from_host_or_headers(void **state)
{
    (void)state;
    sandgate_route found;
    sandgate_header absent = header(NULL), twice = {.count = 2};
    assert_int_equal(parse(header("8080-" ID "-x.e2b.app:443"), twice, header("x"), &found), SANDGATE_OK);
    assert_string_equal(found.sandbox_id, ID);
    assert_true(found.sandbox_id_len == strlen(ID) && found.port == 8080);
    assert_int_equal(parse(header("localhost"), header(ID), header("0080"), &found), SANDGATE_OK);
    assert_string_equal(found.sandbox_id, ID);
    assert_int_equal(found.port, 80);

    assert_int_equal(parse(absent, absent, absent, &found), SANDGATE_HOST_MISSING);
    assert_int_equal(parse(twice, header(ID), header("80"), &found), SANDGATE_HOST_MALFORMED);
    assert_int_equal(parse(header("localhost"), header(ID), absent, &found), SANDGATE_HOST_MISSING);
    assert_int_equal(parse(header("localhost"), twice, header("80"), &found), SANDGATE_HOST_MALFORMED);
    assert_int_equal(parse(header("65536-" ID ".e2b.app"), absent, absent, &found), SANDGATE_HOST_MALFORMED);
    assert_int_equal(found.port, 0);

    assert_body(SANDGATE_HOST_MISSING, NULL, "/", 400,
                "{\"code\":400,\"message\":\"missing sandbox id or port in host and routing headers\"}");
    assert_body(SANDGATE_HOST_MALFORMED, NULL, "/", 400,
                "{\"code\":400,\"message\":\"invalid host or routing headers\"}");
}

static int init(void **state)
{
    (void)state;
    size_t len;
    return sandgate_v1_keyring_init(BYTES(SEED), &keyring) || sandgate_edge_init(NULL, &plain) ||
           init_deriving(&deriving, &keyring) ||
           sandgate_v1_keyring_traffic_token(&keyring, CHARS(ID), traffic_token, 64, &len) ||
           sandgate_v1_keyring_access_token(&keyring, CHARS(ID), access_token, 64, &len);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(restricted_sandbox_requires_its_token),
        cmocka_unit_test(tokens_of_both_seeds_pass),
        cmocka_unit_test(controllers_port_needs_no_token),
        cmocka_unit_test(internal_routes_are_404),
        cmocka_unit_test(routes_are_parsed_from_host_or_headers),
    };
    return cmocka_run_group_tests(tests, init, NULL);
}
