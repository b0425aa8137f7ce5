/* The C library without libc: tokens are derived, URLs are signed and written, and a controller and an edge decide, also from
 * header lines. */

#include "leave.h"

#include <sandgate.h>

#define BYTES(text) (text), sizeof(text) - 1
#define GIVEN(text) {.value = (text), .value_len = sizeof(text) - 1, .count = 1}

static const char id[] = "i94gcaqbpvohfr764s5l";
static const int64_t now = 1800000000;

static int signs_and_verifies(const sandgate_v1_keyring *keyring)
{
    char token[64], text[256];
    size_t token_len, text_len;
    sandgate_v1_file_url_key key;
    sandgate_controller controller;
    if (sandgate_v1_keyring_access_token(keyring, id, sizeof id - 1, token, sizeof token, &token_len) != SANDGATE_OK ||
        sandgate_v1_file_url_key_init(token, token_len, &key) != SANDGATE_OK ||
        sandgate_controller_init(token, token_len, NULL, &controller) != SANDGATE_OK)
        return 0;

    sandgate_v1_file_url url = {.struct_size = sizeof url, .operation = SANDGATE_OPERATION_READ, .expires = &now};
    url.path = "/a b";
    url.path_len = 4;
    if (sandgate_v1_file_url_write(&key, "x", 1, &url, text, sizeof text, &text_len) != SANDGATE_OK)
        return 0;

    sandgate_request request = {.struct_size = sizeof request, .method = "GET", .method_len = 3};
    request.target = text + 1;
    request.target_len = text_len - 1;
    sandgate_allowed allowed = {.struct_size = sizeof allowed};
    int right = sandgate_controller_check(&controller, &request, now, &allowed) == SANDGATE_OK &&
                allowed.basis == SANDGATE_ALLOWED_SIGNATURE && allowed.path.len == 4 &&
                sandgate_controller_check(&controller, &request, now + 1, &allowed) == SANDGATE_FILE_SIGNATURE_EXPIRED;
    sandgate_v1_file_url_key_wipe(&key);
    sandgate_controller_wipe(&controller);
    return right;
}

static int guards_traffic(const sandgate_v1_keyring *keyring)
{
    const sandgate_header host = GIVEN("8080-i94gcaqbpvohfr764s5l.example.com"), absent = {0};
    const sandgate_sandbox_state restricted = {.struct_size = sizeof restricted, .restricted = 1};
    sandgate_request request = {.struct_size = sizeof request, .traffic_token = GIVEN("wrong")};
    request.target = "/";
    request.target_len = 1;
    sandgate_route route = {.struct_size = sizeof route};
    sandgate_edge edge;
    sandgate_passed passed = {.struct_size = sizeof passed};
    char json[256];
    size_t json_len;
    return sandgate_edge_init(NULL, &edge) == SANDGATE_OK &&
           sandgate_edge_set_v1_keyring(&edge, keyring) == SANDGATE_OK &&
           sandgate_route_parse(&host, &absent, &absent, &route) == SANDGATE_OK && route.port == 8080 &&
           sandgate_edge_check(&edge, &route, &restricted, &request, now, &passed) == SANDGATE_TRAFFIC_INVALID &&
           sandgate_edge_refusal_json(SANDGATE_TRAFFIC_INVALID, id, sizeof id - 1, BYTES("/"), json, sizeof json,
                                      &json_len) == SANDGATE_OK;
}

/* v2: an upload to a directory, and a pass after a signed host that the policy does not accept. */
static int knows_v2(void)
{
    char access[SANDGATE_V2_TOKEN_LEN], traffic[SANDGATE_V2_TOKEN_LEN], pass[SANDGATE_V2_PASS_MAX], text[256];
    size_t len;
    sandgate_v2_keyring keyring;
    sandgate_v2_traffic_keyring roots;
    sandgate_v2_file_url_key key;
    sandgate_v2_traffic_key traffic_key;
    if (sandgate_v2_keyring_init('a', BYTES("a seed of at least 32 bytes, kept secret"), &keyring) != SANDGATE_OK ||
        sandgate_v2_keyring_access_token(&keyring, id, sizeof id - 1, 0, access, sizeof access, &len) != SANDGATE_OK ||
        sandgate_v2_keyring_traffic_token(&keyring, id, sizeof id - 1, 0, traffic, sizeof traffic, &len) != SANDGATE_OK ||
        sandgate_v2_keyring_traffic(&keyring, &roots) != SANDGATE_OK ||
        sandgate_v2_file_url_key_init(access, sizeof access, &key) != SANDGATE_OK ||
        sandgate_v2_traffic_key_init(traffic, sizeof traffic, &traffic_key) != SANDGATE_OK)
        return 0;

    sandgate_policy policy = {.struct_size = sizeof policy};
    sandgate_controller controller;
    if (sandgate_policy_init(SANDGATE_POLICY_V2_ALONE, &policy) != SANDGATE_OK ||
        sandgate_controller_init(access, sizeof access, &policy, &controller) != SANDGATE_OK)
        return 0;
    sandgate_v2_file_url url = {.struct_size = sizeof url, .operation = SANDGATE_OPERATION_WRITE, .expires = now};
    url.path = "/in/a";
    url.path_len = 5;
    url.directory = url.path;
    url.directory_len = 4;
    if (sandgate_v2_file_url_write(&key, "x", 1, &url, text, sizeof text, &len) != SANDGATE_OK)
        return 0;
    sandgate_request request = {.struct_size = sizeof request, .method = "PUT", .method_len = 3};
    request.target = text + 1;
    request.target_len = len - 1;
    sandgate_allowed allowed = {.struct_size = sizeof allowed};
    if (sandgate_controller_check(&controller, &request, now, &allowed) != SANDGATE_OK || !allowed.has_directory)
        return 0;

    const sandgate_sandbox_state restricted = {.struct_size = sizeof restricted, .restricted = 1};
    const sandgate_header host = GIVEN("8080-i94gcaqbpvohfr764s5l-a00000000000000000000000000000000x.a"), absent = {0};
    sandgate_route route = {.struct_size = sizeof route};
    sandgate_passed passed = {.struct_size = sizeof passed};
    sandgate_edge edge;
    policy.carriers = SANDGATE_CARRIER_COOKIE;
    if (sandgate_v2_pass_issue(&traffic_key, 8080, now, NULL, 0, pass, sizeof pass, &len) != SANDGATE_OK ||
        sandgate_edge_init(&policy, &edge) != SANDGATE_OK || sandgate_edge_set_v2_keyring(&edge, &roots) != SANDGATE_OK ||
        sandgate_route_parse(&host, &absent, &absent, &route) != SANDGATE_OK)
        return 0;
    size_t at = 0;
    for (const char *name = SANDGATE_TRAFFIC_COOKIE "="; *name; name++)
        text[at++] = *name;
    for (size_t from = 0; from < len; from++)
        text[at++] = pass[from];
    const sandgate_bytes cookies[] = {{BYTES("a=b")}, {text, at}};
    request.target = "/";
    request.target_len = 1;
    request.cookies = cookies;
    request.cookie_count = 2;
    return sandgate_edge_check(&edge, &route, &restricted, &request, now, &passed) == SANDGATE_OK &&
           passed.basis == SANDGATE_PASSED_PASS && passed.expires == now &&
           sandgate_forward_cookie(BYTES("a=b; " SANDGATE_TRAFFIC_COOKIE "=x"), text, 3, &len) == SANDGATE_OK && len == 3;
}

/* A request line by line: the controller answers a preflight, the edge finds the route and forwards a line. */
static int reads_heads(void)
{
    const sandgate_header_line preflight[] = {{BYTES("Origin"), BYTES("https://a")},
                                              {BYTES("Access-Control-Request-Method"), BYTES("PUT")}};
    const sandgate_header_line host[] = {{BYTES("Host"), BYTES("8080-i94gcaqbpvohfr764s5l-x.example.com")}};
    const sandgate_sandbox_state public = {.struct_size = sizeof public};
    sandgate_head head = {.struct_size = sizeof head, .method = "OPTIONS", .method_len = 7};
    sandgate_controller controller;
    sandgate_edge edge;
    sandgate_allowed allowed = {.struct_size = sizeof allowed};
    sandgate_route route = {.struct_size = sizeof route};
    sandgate_passed passed = {.struct_size = sizeof passed};
    char text[256];
    size_t len;
    uint32_t stays;
    head.lines = preflight;
    head.line_count = 2;
    if (sandgate_controller_init(BYTES("token"), NULL, &controller) != SANDGATE_OK ||
        sandgate_controller_guard(&controller, &head, now, &allowed) != SANDGATE_OK ||
        allowed.basis != SANDGATE_ALLOWED_PREFLIGHT)
        return 0;
    head.has_body = 1;
    if (sandgate_controller_guard(&controller, &head, now, &allowed) != SANDGATE_ROUTE_MISSING)
        return 0;

    head.lines = host;
    head.line_count = 1;
    head.target = "/?sandgate_traffic=x";
    head.target_len = 20;
    return sandgate_edge_init(NULL, &edge) == SANDGATE_OK && sandgate_edge_route(&edge, &head, &route) == SANDGATE_OK &&
           sandgate_edge_guard(&edge, &route, &public, &head, now, &passed) == SANDGATE_OK &&
           passed.basis == SANDGATE_PASSED_PUBLIC &&
           sandgate_forward_target(head.target, head.target_len, text, sizeof text, &len) == SANDGATE_OK && len == 1 &&
           sandgate_forward_header(host->name, host->name_len, host->value, host->value_len, text, sizeof text, &len,
                                   &stays) == SANDGATE_OK &&
           stays && len == host->value_len - 2 &&
           sandgate_unknown_sandbox_json(route.sandbox_id, route.sandbox_id_len, text, sizeof text, &len) == SANDGATE_OK &&
           *sandgate_deciding_header(0) == 'x' && sandgate_forwarded_header(35) == NULL;
}

/* A controller waits, gets its token, and lets a request with it wake the sandbox. */
static int lives(void)
{
    static const char body[] = "{\"accessToken\":\"token\",\"timestamp\":\"2026-01-02T03:04:05Z\"}";
    sandgate_controller controller;
    sandgate_edge edge;
    sandgate_initialized outcome = 0;
    const sandgate_sandbox_state public = {.struct_size = sizeof public};
    sandgate_route route = {.struct_size = sizeof route, .port = SANDGATE_CONTROLLER_PORT};
    sandgate_request request = {.struct_size = sizeof request, .method = "GET", .method_len = 3};
    request.target = "/health";
    request.target_len = 7;
    if (sandgate_edge_init(NULL, &edge) != SANDGATE_OK ||
        sandgate_controller_init_waiting(NULL, &controller) != SANDGATE_OK || !sandgate_controller_is_waiting(&controller) ||
        sandgate_sandbox_id_shorten(BYTES("abc-def"), route.sandbox_id, sizeof route.sandbox_id, &route.sandbox_id_len) !=
            SANDGATE_OK ||
        sandgate_wake_check(&edge, &controller, &route, &public, &request, now) != SANDGATE_WAKE_NOT_INITIALIZED ||
        sandgate_controller_initialize(&controller, BYTES(body), NULL, 0, &outcome) != SANDGATE_OK ||
        outcome != SANDGATE_INITIALIZED_REPLACED ||
        sandgate_controller_initialize(&controller, NULL, 0, NULL, 0, &outcome) != SANDGATE_INIT_MALFORMED ||
        sandgate_controller_initialize(&controller, BYTES("{}"), NULL, 0, &outcome) != SANDGATE_INIT_MISSING ||
        sandgate_wake_check(&edge, &controller, &route, &public, &request, now) != SANDGATE_WAKE_MISSING)
        return 0;
    request.access_token = (sandgate_header)GIVEN("token");
    return sandgate_wake_check(&edge, &controller, &route, &public, &request, now) == SANDGATE_OK;
}

/* A webhook is signed and verified, whole and in pieces. */
static int verifies_webhooks(void)
{
    sandgate_webhook_verifier verifier;
    sandgate_webhook_verification verification;
    char signature[SANDGATE_WEBHOOK_SIGNATURE_LEN];
    sandgate_header_line line = {BYTES("e2b-signature"), signature, sizeof signature};
    size_t len;
    if (sandgate_webhook_verifier_init(BYTES("the secret of a webhook"), &verifier) != SANDGATE_OK ||
        sandgate_webhook_verifier_add(&verifier, BYTES("another secret of it")) != SANDGATE_OK ||
        sandgate_webhook_sign(BYTES("another secret of it"), BYTES("body"), signature, sizeof signature, &len) != SANDGATE_OK ||
        sandgate_webhook_verify(&verifier, &line, 1, BYTES("bodY")) != SANDGATE_WEBHOOK_INVALID ||
        sandgate_webhook_start(&verifier, &line, 1, &verification) != SANDGATE_OK ||
        sandgate_webhook_update(&verification, BYTES("body")) != SANDGATE_OK)
        return 0;
    return sandgate_webhook_finish(&verification) == SANDGATE_OK;
}

/* The stack alignment at the entry point differs from that of a function, hence the attribute. */
__attribute__((force_align_arg_pointer)) void _start(void)
{
    sandgate_v1_keyring keyring;
    sandgate_creation_options options = {.struct_size = sizeof options};
    sandgate_credentials credentials = {.struct_size = sizeof credentials};
    leave(sandgate_v1_keyring_init(BYTES("a seed of at least 16 bytes"), &keyring) == SANDGATE_OK &&
          sandgate_v1_keyring_add(&keyring, BYTES("another of at least 16 bytes")) == SANDGATE_OK &&
          signs_and_verifies(&keyring) && guards_traffic(&keyring) && knows_v2() && reads_heads() && lives() && verifies_webhooks() &&
          sandgate_creation_decide(&options, &credentials) == SANDGATE_CREATION_TEMPLATE_VERSION_UNKNOWN &&
          *sandgate_version() == '0' && sandgate_result_status(SANDGATE_TRAFFIC_INVALID) == 403);
}
