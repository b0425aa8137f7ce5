/* The C interface under valgrind with secrets marked as undefined. src/bin/memcheck does the same with core, in more detail. */

#include "memcheck.h"

/* The secret characters at the end of a v1 token, whose first is read to see that it is no v2 secret; of a v2 token, a
 * signature and a pass; and of a signed host. */
enum { V1_SECRET = 63, TAG = 43, OF_HOST = 26, PORT = 8080 };

static const char id[] = "i94gcaqbpvohfr764s5l";
static const int64_t now = 1800000000;
static const char HEX[] = "01", BASE64[] = "AE", BASE32[] = "ae";
#define ID id, sizeof id - 1

/* What the right keys make, for the caller to present. */
static char v1_access[SANDGATE_V1_TOKEN_LEN], v1_traffic[SANDGATE_V1_TOKEN_LEN];
static char v2_access[SANDGATE_V2_TOKEN_LEN], v2_traffic[SANDGATE_V2_TOKEN_LEN];

static void v1_tokens(void)
{
    char seed[] = "a seed of at least 16 bytes", made[SANDGATE_V1_TOKEN_LEN];
    size_t len;
    sandgate_v1_keyring keyring;
    expect("v1", sandgate_v1_keyring_init(seed, sizeof seed - 1, &keyring) == SANDGATE_OK);
    expect("v1", sandgate_v1_keyring_access_token(&keyring, ID, v1_access, sizeof v1_access, &len) == SANDGATE_OK);
    expect("v1", sandgate_v1_keyring_traffic_token(&keyring, ID, v1_traffic, sizeof v1_traffic, &len) == SANDGATE_OK);

    (void)VALGRIND_MAKE_MEM_UNDEFINED(seed, sizeof seed - 1);
    DERIVES("v1_keyring_init", &keyring, sizeof keyring, sandgate_v1_keyring_init(seed, sizeof seed - 1, &keyring));
    DERIVES("v1_keyring_access_token", made, sizeof made,
            sandgate_v1_keyring_access_token(&keyring, ID, made, sizeof made, &len));
    DERIVES("v1_keyring_traffic_token", made, sizeof made,
            sandgate_v1_keyring_traffic_token(&keyring, ID, made, sizeof made, &len));
    for (int number = 0; number < 3; number++) {
        presented access = present(number, v1_access, sizeof v1_access, sizeof v1_access, HEX);
        presented traffic = present(number, v1_traffic, sizeof v1_traffic, sizeof v1_traffic, HEX);
        hide_text(traffic.text, traffic.len, traffic.len);
        DECIDES("v1_keyring_verify_access_token", access.which, access.right,
                sandgate_v1_keyring_verify_access_token(&keyring, ID, access.text, access.len) == SANDGATE_OK);
        DECIDES("v1_keyring_verify_traffic_token, secret", traffic.which, traffic.right,
                sandgate_v1_keyring_verify_traffic_token(&keyring, ID, traffic.text, traffic.len) == SANDGATE_OK);
    }
}

static void v1_file_urls(void)
{
    char token[sizeof v1_access], signature[SANDGATE_V1_SIGNATURE_LEN], made[SANDGATE_V1_SIGNATURE_LEN];
    size_t len;
    sandgate_v1_file_url_key key;
    sandgate_v1_file_url url = {.struct_size = sizeof url, .operation = SANDGATE_OPERATION_READ, .expires = &now};
    url.path = "/a";
    url.path_len = 2;
    memcpy(token, v1_access, sizeof token);
    expect("v1", sandgate_v1_file_url_key_init(token, sizeof token, &key) == SANDGATE_OK);
    expect("v1", sandgate_v1_file_url_sign(&key, &url, signature, sizeof signature, &len) == SANDGATE_OK);

    hide_text(token, sizeof token, V1_SECRET);
    DERIVES("v1_file_url_key_init", &key, sizeof key, sandgate_v1_file_url_key_init(token, sizeof token, &key));
    DERIVES("v1_file_url_sign", made, sizeof made, sandgate_v1_file_url_sign(&key, &url, made, sizeof made, &len));
    for (int number = 0; number < 3; number++) {
        presented text = present(number, signature, sizeof signature, TAG, BASE64);
        DECIDES("v1_file_url_verify", text.which, text.right,
                sandgate_v1_file_url_verify(&key, &url, text.text, text.len, now) == SANDGATE_OK);
    }
}

static void v2_tokens(void)
{
    char seed[] = "a seed of at least 32 bytes, kept secret", made[SANDGATE_V2_TOKEN_LEN];
    size_t len;
    sandgate_v2_keyring keyring;
    sandgate_v2_traffic_keyring edge;
    expect("v2", sandgate_v2_keyring_init('a', seed, sizeof seed - 1, &keyring) == SANDGATE_OK);
    expect("v2", sandgate_v2_keyring_access_token(&keyring, ID, 1, v2_access, sizeof v2_access, &len) == SANDGATE_OK);
    expect("v2", sandgate_v2_keyring_traffic_token(&keyring, ID, 1, v2_traffic, sizeof v2_traffic, &len) == SANDGATE_OK);

    (void)VALGRIND_MAKE_MEM_UNDEFINED(seed, sizeof seed - 1);
    DERIVES("v2_keyring_init", &keyring, sizeof keyring, sandgate_v2_keyring_init('a', seed, sizeof seed - 1, &keyring));
    DERIVES("v2_keyring_access_token", made, sizeof made,
            sandgate_v2_keyring_access_token(&keyring, ID, 1, made, sizeof made, &len));
    DERIVES("v2_keyring_traffic_token", made, sizeof made,
            sandgate_v2_keyring_traffic_token(&keyring, ID, 1, made, sizeof made, &len));
    DERIVES("v2_keyring_traffic", &edge, sizeof edge, sandgate_v2_keyring_traffic(&keyring, &edge));
    DERIVES("v2_traffic_root", made, sizeof made,
            sandgate_v2_traffic_root('a', seed, sizeof seed - 1, made, sizeof made, &len));
    (void)VALGRIND_MAKE_MEM_DEFINED(made, sizeof made);
    hide_text(made, sizeof made, TAG);
    DERIVES("v2_traffic_keyring_init", &edge, sizeof edge, sandgate_v2_traffic_keyring_init(made, sizeof made, &edge));
    for (int number = 0; number < 3; number++) {
        presented access = present(number, v2_access, sizeof v2_access, TAG, BASE64);
        presented traffic = present(number, v2_traffic, sizeof v2_traffic, TAG, BASE64);
        hide_text(traffic.text, traffic.len, TAG);
        DECIDES("v2_keyring_verify_access_token", access.which, access.right,
                sandgate_v2_keyring_verify_access_token(&keyring, ID, 1, access.text, access.len) == SANDGATE_OK);
        DECIDES("v2_traffic_keyring_verify_traffic_token, secret", traffic.which, traffic.right,
                sandgate_v2_traffic_keyring_verify_traffic_token(&edge, ID, 1, traffic.text, traffic.len) ==
                    SANDGATE_OK);
    }
}

static void v2_file_urls(void)
{
    char token[sizeof v2_access], signature[SANDGATE_V2_SIGNATURE_LEN], made[SANDGATE_V2_SIGNATURE_LEN];
    size_t len;
    sandgate_v2_file_url_key key;
    sandgate_v2_file_url url = {.struct_size = sizeof url, .operation = SANDGATE_OPERATION_WRITE, .expires = now};
    url.path = "/in/a";
    url.path_len = 5;
    memcpy(token, v2_access, sizeof token);
    expect("v2", sandgate_v2_file_url_key_init(token, sizeof token, &key) == SANDGATE_OK);
    expect("v2", sandgate_v2_file_url_sign(&key, &url, signature, sizeof signature, &len) == SANDGATE_OK);

    hide_text(token, sizeof token, TAG);
    DERIVES("v2_file_url_key_init", &key, sizeof key, sandgate_v2_file_url_key_init(token, sizeof token, &key));
    DERIVES("v2_file_url_sign", made, sizeof made, sandgate_v2_file_url_sign(&key, &url, made, sizeof made, &len));
    for (int number = 0; number < 3; number++) {
        presented text = present(number, signature, sizeof signature, TAG, BASE64);
        DECIDES("v2_file_url_verify", text.which, text.right,
                sandgate_v2_file_url_verify(&key, &url, text.text, text.len, now) == SANDGATE_OK);
    }
}

static void v2_traffic_keys(void)
{
    char token[sizeof v2_traffic], pass[SANDGATE_V2_PASS_MAX], host[SANDGATE_V2_SIGNED_HOST_MAX], made[MAX] = {0};
    size_t pass_len, host_len, len;
    int64_t expires;
    sandgate_v2_traffic_key key;
    memcpy(token, v2_traffic, sizeof token);
    expect("v2", sandgate_v2_traffic_key_init(token, sizeof token, &key) == SANDGATE_OK);
    expect("v2", sandgate_v2_pass_issue(&key, PORT, now, NULL, 0, pass, sizeof pass, &pass_len) == SANDGATE_OK);
    expect("v2", sandgate_v2_signed_host_issue(&key, ID, PORT, now, host, sizeof host, &host_len) == SANDGATE_OK);

    hide_text(token, sizeof token, TAG);
    DERIVES("v2_traffic_key_init", &key, sizeof key, sandgate_v2_traffic_key_init(token, sizeof token, &key));
    DERIVES("v2_pass_issue", made, sizeof made,
            sandgate_v2_pass_issue(&key, PORT, now, NULL, 0, made, sizeof made, &len));
    DERIVES("v2_signed_host_issue", made, sizeof made,
            sandgate_v2_signed_host_issue(&key, ID, PORT, now, made, sizeof made, &len));
    for (int number = 0; number < 3; number++) {
        presented a_pass = present(number, pass, pass_len, TAG, BASE64);
        presented a_host = present(number, host, host_len, OF_HOST, BASE32);
        DECIDES("v2_pass_verify", a_pass.which, a_pass.right,
                sandgate_v2_pass_verify(&key, a_pass.text, a_pass.len, PORT, NULL, 0, now, &expires) == SANDGATE_OK);
        DECIDES("v2_signed_host_verify", a_host.which, a_host.right,
                sandgate_v2_signed_host_verify(&key, a_host.text, a_host.len, ID, PORT, now, &expires) == SANDGATE_OK);
    }
}

static void controllers(void)
{
    /* The SHA-512 of the token that the host publishes. */
    static const char next[] = "{\"accessToken\":\"next-token-0123456789\"}";
    static const char hash[] = "7d7b69c7586cfc4d0a84c6cbd3776bb0f71bcda7c52e90143a92b3c612505fed"
                               "c3751ca243e8f333540fd3f2077b3ec98415f0479c0703cf08c91881c563ab8d";
    char token[sizeof v1_access], body[MAX];
    sandgate_controller controller;
    sandgate_initialized outcome;
    sandgate_allowed allowed = {.struct_size = sizeof allowed};
    sandgate_request request = {.struct_size = sizeof request, .method = "POST", .method_len = 4, .target = "/a"};
    request.target_len = 2;
    memcpy(token, v1_access, sizeof token);
    hide_text(token, sizeof token, V1_SECRET);
    DERIVES("controller_init", &controller, sizeof controller,
            sandgate_controller_init(token, sizeof token, NULL, &controller));
    for (int number = 0; number < 3; number++) {
        presented text = present(number, v1_access, sizeof v1_access, V1_SECRET, HEX);
        presented published = present(number, hash, sizeof hash - 1, sizeof hash - 1, HEX);
        request.access_token = (sandgate_header){.value = text.text, .value_len = text.len, .count = 1};
        DECIDES("controller_check", text.which, text.right,
                sandgate_controller_check(&controller, &request, now, &allowed) == SANDGATE_OK);
        const int len = snprintf(body, sizeof body, "{\"accessToken\":\"%.*s\"}", (int)text.len, text.text);
        DECIDES("controller_initialize, token", text.which, text.right,
                sandgate_controller_initialize(&controller, body, (size_t)len, NULL, 0, &outcome) == SANDGATE_OK);
        hide_text(published.text, published.len, published.len);
        sandgate_controller other = {0};
        expect("controller", sandgate_controller_init(token, sizeof token, NULL, &other) == SANDGATE_OK);
        DECIDES("controller_initialize, hash", published.which, published.right,
                sandgate_controller_initialize(&other, BYTES(next), published.text, published.len, &outcome) ==
                    SANDGATE_OK);
    }
}

static void edges(void)
{
    char stored[sizeof v2_traffic];
    sandgate_edge edge;
    sandgate_route route = {.struct_size = sizeof route, .port = PORT, .sandbox_id_len = sizeof id - 1};
    sandgate_passed passed = {.struct_size = sizeof passed};
    sandgate_sandbox_state state = {.struct_size = sizeof state, .restricted = 1};
    sandgate_request request = {.struct_size = sizeof request, .method = "GET", .method_len = 3, .target = "/"};
    request.target_len = 1;
    memcpy(route.sandbox_id, id, sizeof id - 1);
    expect("edge", sandgate_edge_init(NULL, &edge) == SANDGATE_OK);
    memcpy(stored, v2_traffic, sizeof stored);
    hide_text(stored, sizeof stored, TAG);
    state.traffic_token = stored;
    state.traffic_token_len = sizeof stored;
    for (int number = 0; number < 3; number++) {
        presented text = present(number, v2_traffic, sizeof v2_traffic, TAG, BASE64);
        request.traffic_token = (sandgate_header){.value = text.text, .value_len = text.len, .count = 1};
        DECIDES("edge_check", text.which, text.right,
                sandgate_edge_check(&edge, &route, &state, &request, now, &passed) == SANDGATE_OK);
    }
}

static void webhooks(void)
{
    static const char body[] = "{\"type\":\"sandbox.lifecycle.killed\"}";
    char secret[] = "the secret of the webhook", right[SANDGATE_WEBHOOK_SIGNATURE_LEN], made[sizeof right];
    size_t len;
    sandgate_webhook_verifier verifier;
    sandgate_webhook_verification verification;
    expect("webhook", sandgate_webhook_sign(secret, sizeof secret - 1, BYTES(body), right, sizeof right, &len) == SANDGATE_OK);

    (void)VALGRIND_MAKE_MEM_UNDEFINED(secret, sizeof secret - 1);
    DERIVES("webhook_sign", made, sizeof made,
            sandgate_webhook_sign(secret, sizeof secret - 1, BYTES(body), made, sizeof made, &len));
    DERIVES("webhook_verifier_init", &verifier, sizeof verifier,
            sandgate_webhook_verifier_init(secret, sizeof secret - 1, &verifier));
    DERIVES("webhook_verifier_add", &verifier, sizeof verifier,
            sandgate_webhook_verifier_add(&verifier, secret, sizeof secret - 1));
    for (int number = 0; number < 3; number++) {
        presented text = present(number, right, sizeof right, sizeof right, BASE64);
        sandgate_header_line line = {BYTES("e2b-signature"), text.text, text.len};
        DECIDES("webhook_verify", text.which, text.right,
                sandgate_webhook_verify(&verifier, &line, 1, BYTES(body)) == SANDGATE_OK);
        DERIVES("webhook_start", &verification, sizeof verification,
                sandgate_webhook_start(&verifier, &line, 1, &verification));
        DERIVES("webhook_update", &verification, sizeof verification,
                sandgate_webhook_update(&verification, BYTES(body)));
        DECIDES("webhook_finish", text.which, text.right, sandgate_webhook_finish(&verification) == SANDGATE_OK);
    }
}

static void comparison(void)
{
    static const unsigned char table[256] = {1, 2, 3};
    char held[sizeof v1_access];
    memcpy(held, v1_access, sizeof held);
    hide_text(held, sizeof held, sizeof held);
    for (int number = 0; number < 3; number++) {
        presented text = present(number, v1_access, sizeof v1_access, sizeof v1_access, HEX);
        DECIDES("equal", text.which, text.right, sandgate_equal(held, sizeof held, text.text, text.len));
    }
    LEAKS("control: memcmp", memcmp(held, v1_access, sizeof held));
    LEAKS("control: table look-up", table[(unsigned char)held[0]]);
}

int main(void)
{
    expect("valgrind", RUNNING_ON_VALGRIND);
    v1_tokens();
    v1_file_urls();
    v2_tokens();
    v2_file_urls();
    v2_traffic_keys();
    controllers();
    edges();
    webhooks();
    comparison();
    return 0;
}
