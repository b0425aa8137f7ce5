/* The kinds of opaque structs, and every function that uses one. */
#ifndef KINDS_H
#define KINDS_H

#include "v2.h"

/* Storage for each kind, so that one can be passed as another. */
union storage {
    sandgate_v1_keyring keyring;
    sandgate_v1_file_url_key key;
    sandgate_controller controller;
    sandgate_edge edge;
    sandgate_v2_keyring v2_keyring;
    sandgate_v2_traffic_keyring v2_traffic;
    sandgate_v2_file_url_key v2_key;
    sandgate_v2_traffic_key v2_traffic_key;
    sandgate_webhook_verifier verifier;
    sandgate_webhook_verification verification;
};

/* Calls every function that uses the held value, and returns their common answer. */
typedef sandgate_result use(union storage *);

#define OUT out, sizeof out, &len
#define ALL_ANSWER(result) assert_int_equal(result, answer)

static sandgate_result use_keyring(union storage *held)
{
    char out[64];
    size_t len;
    sandgate_edge edge;
    assert_int_equal(sandgate_edge_init(NULL, &edge), SANDGATE_OK);
    sandgate_result answer = sandgate_v1_keyring_access_token(&held->keyring, CHARS(ID), out, sizeof out, &len);
    ALL_ANSWER(sandgate_v1_keyring_verify_access_token(&held->keyring, CHARS(ID), out, sizeof out));
    ALL_ANSWER(sandgate_v1_keyring_traffic_token(&held->keyring, CHARS(ID), out, sizeof out, &len));
    ALL_ANSWER(sandgate_v1_keyring_verify_traffic_token(&held->keyring, CHARS(ID), out, sizeof out));
    ALL_ANSWER(sandgate_edge_set_v1_keyring(&edge, &held->keyring));
    ALL_ANSWER(sandgate_v1_keyring_add(&held->keyring, BYTES(SEED)));
    return answer;
}

static sandgate_result use_key(union storage *held)
{
    sandgate_v1_file_url url = file_url("/a", "user");
    char out[256];
    size_t len, base_len = strlen("https://a/files?");
    sandgate_allowed allowed = {.struct_size = sizeof allowed};
    sandgate_result answer = sandgate_v1_file_url_sign(&held->key, &url, out, sizeof out, &len);
    ALL_ANSWER(sandgate_v1_file_url_verify(&held->key, &url, out, 46, NOW));
    len = base_len;
    ALL_ANSWER(sandgate_v1_file_url_write(&held->key, CHARS("https://a"), &url, out, sizeof out, &len));
    ALL_ANSWER(sandgate_v1_file_url_verify_query(&held->key, SANDGATE_OPERATION_READ, out + base_len,
                                                 len - base_len, NOW, &allowed));
    return answer;
}

static sandgate_result use_controller(union storage *held)
{
    sandgate_request asked = request("GET", "/metrics");
    asked.access_token = header(TOKEN);
    sandgate_allowed allowed = {.struct_size = sizeof allowed};
    sandgate_result answer = sandgate_controller_check(&held->controller, &asked, NOW, &allowed);
    assert_int_equal(allowed.basis, answer == SANDGATE_OK ? SANDGATE_ALLOWED_TOKEN : 0);
    sandgate_header_line line = {BYTES("X-Access-Token"), BYTES(TOKEN)};
    sandgate_head received = head("GET", "/metrics", &line, 1);
    ALL_ANSWER(sandgate_controller_guard(&held->controller, &received, NOW, &allowed));
    sandgate_edge edge;
    sandgate_route to = route(ID, SANDGATE_CONTROLLER_PORT);
    sandgate_sandbox_state known = {.struct_size = sizeof known};
    sandgate_initialized outcome;
    assert_int_equal(sandgate_edge_init(NULL, &edge), SANDGATE_OK);
    ALL_ANSWER(sandgate_wake_check(&edge, &held->controller, &to, &known, &asked, NOW));
    ALL_ANSWER(sandgate_controller_initialize(&held->controller, BYTES("{\"accessToken\":\"" TOKEN "\"}"), NULL, 0, &outcome));
    ALL_ANSWER(sandgate_controller_add_token(&held->controller, BYTES("another")));
    return answer;
}

static sandgate_result use_edge(union storage *held)
{
    sandgate_request asked = request("GET", "/");
    sandgate_route to = route(ID, 8080);
    sandgate_sandbox_state known = {.struct_size = sizeof known};
    sandgate_passed passed = {.struct_size = sizeof passed};
    sandgate_v1_keyring v1;
    sandgate_v2_keyring v2;
    sandgate_v2_traffic_keyring traffic;
    uint32_t carrier;
    assert_int_equal(sandgate_v1_keyring_init(BYTES(SEED), &v1), SANDGATE_OK);
    assert_int_equal(sandgate_v2_keyring_init('a', BYTES(SEED_V2), &v2), SANDGATE_OK);
    assert_int_equal(sandgate_v2_keyring_traffic(&v2, &traffic), SANDGATE_OK);
    sandgate_result answer = sandgate_edge_check(&held->edge, &to, &known, &asked, NOW, &passed);
    assert_int_equal(passed.basis, answer == SANDGATE_OK ? SANDGATE_PASSED_PUBLIC : 0);
    sandgate_header_line line = {BYTES("Host"), BYTES("8080-" ID ".e2b.app")};
    sandgate_head received = head("GET", "/", &line, 1);
    ALL_ANSWER(sandgate_edge_route(&held->edge, &received, &to));
    ALL_ANSWER(sandgate_edge_guard(&held->edge, &to, &known, &received, NOW, &passed));
    ALL_ANSWER(sandgate_edge_screen(&held->edge, &to, &asked));
    ALL_ANSWER(sandgate_edge_carrier(&held->edge, &to, &known, &asked, &carrier));
    sandgate_controller open_one;
    assert_int_equal(sandgate_controller_init_open(&open_one), SANDGATE_OK);
    ALL_ANSWER(sandgate_wake_check(&held->edge, &open_one, &to, &known, &asked, NOW));
    ALL_ANSWER(sandgate_edge_set_v1_keyring(&held->edge, &v1));
    ALL_ANSWER(sandgate_edge_set_v2_keyring(&held->edge, &traffic));
    ALL_ANSWER(sandgate_edge_set_controller_port(&held->edge, 5000));
    return answer;
}

static sandgate_result use_v2_keyring(union storage *held)
{
    char out[SANDGATE_V2_TOKEN_LEN];
    size_t len;
    sandgate_v2_traffic_keyring traffic;
    const sandgate_v2_keyring *keyring = &held->v2_keyring;
    sandgate_result answer = sandgate_v2_keyring_access_token(keyring, CHARS(ID), 1, OUT);
    ALL_ANSWER(sandgate_v2_keyring_verify_access_token(keyring, CHARS(ID), 1, out, sizeof out));
    ALL_ANSWER(sandgate_v2_keyring_traffic_token(keyring, CHARS(ID), 1, OUT));
    ALL_ANSWER(sandgate_v2_keyring_verify_traffic_token(keyring, CHARS(ID), 1, out, sizeof out));
    ALL_ANSWER(sandgate_v2_keyring_traffic(keyring, &traffic));
    ALL_ANSWER(sandgate_v2_keyring_add(&held->v2_keyring, 'b', BYTES(SEED_V2 "2")));
    return answer;
}

static sandgate_result use_v2_traffic(union storage *held)
{
    char out[SANDGATE_V2_TOKEN_LEN], root[SANDGATE_V2_TOKEN_LEN];
    size_t len;
    sandgate_edge edge;
    const sandgate_v2_traffic_keyring *keyring = &held->v2_traffic;
    assert_int_equal(sandgate_edge_init(NULL, &edge), SANDGATE_OK);
    assert_int_equal(sandgate_v2_traffic_root('b', BYTES(SEED_V2 "2"), root, sizeof root, &len), SANDGATE_OK);
    sandgate_result answer = sandgate_v2_traffic_keyring_traffic_token(keyring, CHARS(ID), 1, OUT);
    ALL_ANSWER(sandgate_v2_traffic_keyring_verify_traffic_token(keyring, CHARS(ID), 1, out, sizeof out));
    ALL_ANSWER(sandgate_edge_set_v2_keyring(&edge, keyring));
    ALL_ANSWER(sandgate_v2_traffic_keyring_add(&held->v2_traffic, root, sizeof root));
    return answer;
}

static sandgate_result use_v2_key(union storage *held)
{
    sandgate_v2_file_url url = v2_url("/a");
    char out[256];
    size_t len, base_len = strlen("https://a/files?");
    sandgate_allowed allowed = {.struct_size = sizeof allowed};
    sandgate_result answer = sandgate_v2_file_url_sign(&held->v2_key, &url, OUT);
    ALL_ANSWER(sandgate_v2_file_url_verify(&held->v2_key, &url, out, SANDGATE_V2_SIGNATURE_LEN, NOW));
    len = base_len;
    ALL_ANSWER(sandgate_v2_file_url_write(&held->v2_key, CHARS("https://a"), &url, OUT));
    ALL_ANSWER(sandgate_v2_file_url_verify_query(&held->v2_key, SANDGATE_OPERATION_READ, out + base_len,
                                                 len - base_len, NULL, 0, NOW, &allowed));
    ALL_ANSWER(sandgate_v2_file_url_key_set_window(&held->v2_key, 1, 3600));
    return answer;
}

static sandgate_result use_v2_traffic_key(union storage *held)
{
    const sandgate_v2_traffic_key *key = &held->v2_traffic_key;
    char out[SANDGATE_V2_PASS_MAX];
    size_t len = 0;
    int64_t end;
    sandgate_result answer = sandgate_v2_pass_issue(key, 8080, NOW, NULL, 0, OUT);
    ALL_ANSWER(sandgate_v2_pass_verify(key, out, len, 8080, NULL, 0, NOW, &end));
    ALL_ANSWER(sandgate_v2_signed_host_issue(key, CHARS(ID), 8080, NOW, OUT));
    ALL_ANSWER(sandgate_v2_signed_host_verify(key, out, len, CHARS(ID), 8080, NOW, &end));
    ALL_ANSWER(sandgate_v2_traffic_key_set_window(&held->v2_traffic_key, 1, 3600));
    ALL_ANSWER(sandgate_v2_traffic_key_set_signed_host_window(&held->v2_traffic_key, 1, 3600));
    ALL_ANSWER(sandgate_v2_traffic_key_set_controller_port(&held->v2_traffic_key, 5000));
    return answer;
}

/* A signed webhook. */
#define WEBHOOK_SECRET "the secret of the webhook"
#define WEBHOOK_BODY "{\"type\":\"sandbox.lifecycle.killed\"}"
static const sandgate_header_line webhook_line = {
    "E2B-Signature", sizeof "E2B-Signature" - 1, "3HX+9ZpU3ubwOg4c/I4RJjxNMUgwgml8y+a87MvYWJA", SANDGATE_WEBHOOK_SIGNATURE_LEN};

static sandgate_result use_verifier(union storage *held)
{
    sandgate_webhook_verification verification;
    sandgate_result answer = sandgate_webhook_verify(&held->verifier, &webhook_line, 1, BYTES(WEBHOOK_BODY));
    ALL_ANSWER(sandgate_webhook_start(&held->verifier, &webhook_line, 1, &verification));
    ALL_ANSWER(sandgate_webhook_verifier_add(&held->verifier, BYTES("another secret of a webhook")));
    return answer;
}

static sandgate_result use_verification(union storage *held)
{
    sandgate_result answer = sandgate_webhook_update(&held->verification, NULL, 0);
    ALL_ANSWER(sandgate_webhook_finish(&held->verification));
    return answer;
}

static void init_keyring(union storage *out)
{
    assert_int_equal(sandgate_v1_keyring_init(BYTES(SEED), &out->keyring), SANDGATE_OK);
}

static void init_key(union storage *out)
{
    assert_int_equal(sandgate_v1_file_url_key_init(BYTES(TOKEN), &out->key), SANDGATE_OK);
}

static void init_controller(union storage *out)
{
    assert_int_equal(sandgate_controller_init(BYTES(TOKEN), NULL, &out->controller), SANDGATE_OK);
}

static void init_edge(union storage *out)
{
    assert_int_equal(sandgate_edge_init(NULL, &out->edge), SANDGATE_OK);
}

/* The values derived from a seed, one of each kind. */
static struct v2 v2_of_seed(void)
{
    struct v2 all;
    v2_init(&all, 'a', SEED_V2, 0);
    return all;
}

static void init_v2_keyring(union storage *out)
{
    assert_int_equal(sandgate_v2_keyring_init('a', BYTES(SEED_V2), &out->v2_keyring), SANDGATE_OK);
}

static void init_v2_traffic(union storage *out)
{
    const struct v2 all = v2_of_seed();
    assert_int_equal(sandgate_v2_traffic_keyring_init(BYTES(all.root), &out->v2_traffic), SANDGATE_OK);
}

static void init_v2_key(union storage *out)
{
    const struct v2 all = v2_of_seed();
    assert_int_equal(sandgate_v2_file_url_key_init(BYTES(all.access_token), &out->v2_key), SANDGATE_OK);
}

static void init_v2_traffic_key(union storage *out)
{
    const struct v2 all = v2_of_seed();
    assert_int_equal(sandgate_v2_traffic_key_init(BYTES(all.traffic_token), &out->v2_traffic_key), SANDGATE_OK);
}

static void init_verifier(union storage *out)
{
    assert_int_equal(sandgate_webhook_verifier_init(BYTES(WEBHOOK_SECRET), &out->verifier), SANDGATE_OK);
}

static void init_verification(union storage *out)
{
    sandgate_webhook_verifier verifier;
    assert_int_equal(sandgate_webhook_verifier_init(BYTES(WEBHOOK_SECRET), &verifier), SANDGATE_OK);
    assert_int_equal(sandgate_webhook_start(&verifier, &webhook_line, 1, &out->verification), SANDGATE_OK);
    assert_int_equal(sandgate_webhook_update(&out->verification, BYTES(WEBHOOK_BODY)), SANDGATE_OK);
}

static void wipe_verifier(union storage *held)
{
    sandgate_webhook_verifier_wipe(&held->verifier);
}

static void wipe_verification(union storage *held)
{
    sandgate_webhook_verification_wipe(&held->verification);
}

static void wipe_keyring(union storage *held)
{
    sandgate_v1_keyring_wipe(&held->keyring);
}

static void wipe_key(union storage *held)
{
    sandgate_v1_file_url_key_wipe(&held->key);
}

static void wipe_controller(union storage *held)
{
    sandgate_controller_wipe(&held->controller);
}

static void wipe_edge(union storage *held)
{
    sandgate_edge_wipe(&held->edge);
}

static void wipe_v2_keyring(union storage *held)
{
    sandgate_v2_keyring_wipe(&held->v2_keyring);
}

static void wipe_v2_traffic(union storage *held)
{
    sandgate_v2_traffic_keyring_wipe(&held->v2_traffic);
}

static void wipe_v2_key(union storage *held)
{
    sandgate_v2_file_url_key_wipe(&held->v2_key);
}

static void wipe_v2_traffic_key(union storage *held)
{
    sandgate_v2_traffic_key_wipe(&held->v2_traffic_key);
}

static const struct kind {
    size_t size;
    void (*init)(union storage *);
    use *use;
    void (*wipe)(union storage *);
} kinds[] = {
    {sizeof(sandgate_v1_keyring), init_keyring, use_keyring, wipe_keyring},
    {sizeof(sandgate_v1_file_url_key), init_key, use_key, wipe_key},
    {sizeof(sandgate_controller), init_controller, use_controller, wipe_controller},
    {sizeof(sandgate_edge), init_edge, use_edge, wipe_edge},
    {sizeof(sandgate_v2_keyring), init_v2_keyring, use_v2_keyring, wipe_v2_keyring},
    {sizeof(sandgate_v2_traffic_keyring), init_v2_traffic, use_v2_traffic, wipe_v2_traffic},
    {sizeof(sandgate_v2_file_url_key), init_v2_key, use_v2_key, wipe_v2_key},
    {sizeof(sandgate_v2_traffic_key), init_v2_traffic_key, use_v2_traffic_key, wipe_v2_traffic_key},
    {sizeof(sandgate_webhook_verifier), init_verifier, use_verifier, wipe_verifier},
    {sizeof(sandgate_webhook_verification), init_verification, use_verification, wipe_verification},
};
enum { KINDS = sizeof kinds / sizeof *kinds };
#define FOR_EACH(one) for (const struct kind *one = kinds; one < kinds + KINDS; one++)

#endif
