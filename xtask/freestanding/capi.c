/* The C library without libc: a token is derived, a URL is signed and written, and a controller and an edge decide. */

#include "leave.h"

#include <sandgate.h>

#define BYTES(text) (const uint8_t *)(text), sizeof(text) - 1
#define GIVEN(text) {.value = (const uint8_t *)(text), .value_len = sizeof(text) - 1, .count = 1}

static const char id[] = "i94gcaqbpvohfr764s5l";
static const int64_t now = 1800000000;

static int signs_and_verifies(const sandgate_v1_keyring *keyring)
{
    char token[64], text[256];
    size_t token_len, text_len;
    sandgate_v1_file_url_key key;
    sandgate_controller controller;
    if (sandgate_v1_keyring_access_token(keyring, id, sizeof id - 1, token, sizeof token, &token_len) != SANDGATE_OK ||
        sandgate_v1_file_url_key_init((uint8_t *)token, token_len, &key) != SANDGATE_OK ||
        sandgate_controller_init((uint8_t *)token, token_len, &controller) != SANDGATE_OK)
        return 0;

    sandgate_file_url url = {.struct_size = sizeof url, .operation = SANDGATE_OPERATION_READ, .expires = &now};
    url.path = (const uint8_t *)"/a b";
    url.path_len = 4;
    if (sandgate_v1_file_url_write(&key, "x", 1, &url, text, sizeof text, &text_len) != SANDGATE_OK)
        return 0;

    sandgate_request request = {.struct_size = sizeof request, .method = (const uint8_t *)"GET", .method_len = 3};
    request.target = (const uint8_t *)text + 1;
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
    sandgate_route route = {.struct_size = sizeof route};
    sandgate_edge edge;
    uint32_t passed;
    char json[256];
    size_t json_len;
    return sandgate_edge_init_with_keyring(keyring, &edge) == SANDGATE_OK &&
           sandgate_route_parse(&host, &absent, &absent, &route) == SANDGATE_OK && route.port == 8080 &&
           sandgate_edge_check(&edge, &route, &restricted, &request, now, &passed) == SANDGATE_TRAFFIC_INVALID &&
           sandgate_edge_refusal_json(SANDGATE_TRAFFIC_INVALID, id, sizeof id - 1, BYTES("/"), json, sizeof json,
                                      &json_len) == SANDGATE_OK;
}

/* The stack is aligned at entry as no function expects it, hence the attribute. */
__attribute__((force_align_arg_pointer)) void _start(void)
{
    sandgate_v1_keyring keyring;
    sandgate_creation_options options = {.struct_size = sizeof options};
    sandgate_credentials credentials = {.struct_size = sizeof credentials};
    leave(sandgate_v1_keyring_init(BYTES("a seed of at least 16 bytes"), &keyring) == SANDGATE_OK &&
          sandgate_v1_keyring_add(&keyring, BYTES("another of at least 16 bytes")) == SANDGATE_OK &&
          signs_and_verifies(&keyring) && guards_traffic(&keyring) &&
          sandgate_creation_decide(&options, &credentials) == SANDGATE_CREATION_TEMPLATE_VERSION_UNKNOWN &&
          *sandgate_version() == '0' && sandgate_result_status(SANDGATE_TRAFFIC_INVALID) == 403);
}
