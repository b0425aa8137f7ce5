/* NULL for every pointer to a struct or an output, one at a time, with everything else right. */

#include "v2.h"

#define IS_NULL_POINTER(call) assert_int_equal(call, SANDGATE_NULL_POINTER)

static sandgate_v1_keyring keyring;
static sandgate_v1_file_url_key key;
static sandgate_controller controller;
static sandgate_edge edge;
static struct v2 v2;

static void initialisers_refuse_null(void **state)
{
    (void)state;
    IS_NULL_POINTER(sandgate_v1_keyring_init(BYTES(SEED), NULL));
    IS_NULL_POINTER(sandgate_v1_keyring_add(NULL, BYTES(SEED)));
    IS_NULL_POINTER(sandgate_v1_file_url_key_init(BYTES(TOKEN), NULL));
    IS_NULL_POINTER(sandgate_controller_init(BYTES(TOKEN), NULL, NULL));
    IS_NULL_POINTER(sandgate_controller_init_open(NULL));
    IS_NULL_POINTER(sandgate_controller_init_waiting(NULL, NULL));
    IS_NULL_POINTER(sandgate_controller_add_token(NULL, BYTES(TOKEN)));
    IS_NULL_POINTER(sandgate_edge_init(NULL, NULL));
    IS_NULL_POINTER(sandgate_edge_set_v1_keyring(&edge, NULL));
    IS_NULL_POINTER(sandgate_edge_set_v1_keyring(NULL, &keyring));
    IS_NULL_POINTER(sandgate_edge_set_controller_port(NULL, 1));
}

/* The only functions that accept NULL and do nothing. */
static void wipes_accept_null(void **state)
{
    (void)state;
    sandgate_v1_keyring_wipe(NULL);
    sandgate_v1_file_url_key_wipe(NULL);
    sandgate_controller_wipe(NULL);
    sandgate_edge_wipe(NULL);
    sandgate_v2_keyring_wipe(NULL);
    sandgate_v2_traffic_keyring_wipe(NULL);
    sandgate_v2_file_url_key_wipe(NULL);
    sandgate_v2_traffic_key_wipe(NULL);
}

static void keyring_functions_refuse_null(void **state)
{
    (void)state;
    char out[64];
    size_t len;
    SET_UNWRITTEN(out);
    SET_UNWRITTEN(len);
    IS_NULL_POINTER(sandgate_v1_keyring_access_token(NULL, CHARS(ID), out, sizeof out, &len));
    IS_NULL_POINTER(sandgate_v1_keyring_traffic_token(NULL, CHARS(ID), out, sizeof out, &len));
    IS_NULL_POINTER(sandgate_v1_keyring_verify_access_token(NULL, CHARS(ID), BYTES(TOKEN)));
    IS_NULL_POINTER(sandgate_v1_keyring_verify_traffic_token(NULL, CHARS(ID), BYTES(TOKEN)));
    ASSERT_UNWRITTEN(out);
    ASSERT_UNWRITTEN(len);
}

static void v2_initialisers_refuse_null(void **state)
{
    (void)state;
    sandgate_v2_traffic_keyring out;
    SET_UNWRITTEN(out);
    IS_NULL_POINTER(sandgate_policy_init(SANDGATE_POLICY_DEFAULT, NULL));
    IS_NULL_POINTER(sandgate_v2_keyring_init('a', BYTES(SEED_V2), NULL));
    IS_NULL_POINTER(sandgate_v2_keyring_add(NULL, 'b', BYTES(SEED_V2)));
    IS_NULL_POINTER(sandgate_v2_keyring_traffic(NULL, &out));
    IS_NULL_POINTER(sandgate_v2_keyring_traffic(&v2.keyring, NULL));
    IS_NULL_POINTER(sandgate_v2_traffic_keyring_init(BYTES(v2.root), NULL));
    IS_NULL_POINTER(sandgate_v2_traffic_keyring_add(NULL, BYTES(v2.root)));
    IS_NULL_POINTER(sandgate_v2_file_url_key_init(BYTES(v2.access_token), NULL));
    IS_NULL_POINTER(sandgate_v2_file_url_key_set_window(NULL, 0, 1));
    IS_NULL_POINTER(sandgate_v2_traffic_key_init(BYTES(v2.traffic_token), NULL));
    IS_NULL_POINTER(sandgate_v2_traffic_key_set_window(NULL, 0, 1));
    IS_NULL_POINTER(sandgate_v2_traffic_key_set_signed_host_window(NULL, 0, 1));
    IS_NULL_POINTER(sandgate_v2_traffic_key_set_controller_port(NULL, 1));
    IS_NULL_POINTER(sandgate_edge_set_v2_keyring(NULL, &v2.traffic));
    IS_NULL_POINTER(sandgate_edge_set_v2_keyring(&edge, NULL));
    ASSERT_UNWRITTEN(out);
}

static void v2_functions_refuse_null(void **state)
{
    (void)state;
    sandgate_v2_file_url url = v2_url("/a");
    sandgate_allowed allowed = {.struct_size = sizeof allowed, .basis = 7};
    char out[256];
    size_t len;
    int64_t end;
    SET_UNWRITTEN(out);
    SET_UNWRITTEN(len);
    SET_UNWRITTEN(end);
#define OUT out, sizeof out, &len
    IS_NULL_POINTER(sandgate_v2_keyring_access_token(NULL, CHARS(ID), 0, OUT));
    IS_NULL_POINTER(sandgate_v2_keyring_traffic_token(NULL, CHARS(ID), 0, OUT));
    IS_NULL_POINTER(sandgate_v2_keyring_verify_access_token(NULL, CHARS(ID), 0, BYTES(v2.access_token)));
    IS_NULL_POINTER(sandgate_v2_keyring_verify_traffic_token(NULL, CHARS(ID), 0, BYTES(v2.traffic_token)));
    IS_NULL_POINTER(sandgate_v2_traffic_keyring_traffic_token(NULL, CHARS(ID), 0, OUT));
    IS_NULL_POINTER(sandgate_v2_traffic_keyring_verify_traffic_token(NULL, CHARS(ID), 0, BYTES(v2.traffic_token)));
    IS_NULL_POINTER(sandgate_v2_file_url_sign(NULL, &url, OUT));
    IS_NULL_POINTER(sandgate_v2_file_url_sign(&v2.key, NULL, OUT));
    IS_NULL_POINTER(sandgate_v2_file_url_write(NULL, CHARS("https://a"), &url, OUT));
    IS_NULL_POINTER(sandgate_v2_file_url_write(&v2.key, CHARS("https://a"), NULL, OUT));
    IS_NULL_POINTER(sandgate_v2_file_url_verify(NULL, &url, BYTES("x"), NOW));
    IS_NULL_POINTER(sandgate_v2_file_url_verify(&v2.key, NULL, BYTES("x"), NOW));
    IS_NULL_POINTER(sandgate_v2_file_url_verify_query(NULL, 1, BYTES("x"), NULL, 0, NOW, &allowed));
    IS_NULL_POINTER(sandgate_v2_file_url_verify_query(&v2.key, 1, BYTES("x"), NULL, 0, NOW, NULL));
    IS_NULL_POINTER(sandgate_v2_pass_issue(NULL, 80, NOW, NULL, 0, OUT));
    IS_NULL_POINTER(sandgate_v2_pass_verify(NULL, BYTES("x"), 80, NULL, 0, NOW, &end));
    IS_NULL_POINTER(sandgate_v2_pass_verify(&v2.traffic_key, BYTES("x"), 80, NULL, 0, NOW, NULL));
    IS_NULL_POINTER(sandgate_v2_signed_host_issue(NULL, CHARS(ID), 80, NOW, OUT));
    IS_NULL_POINTER(sandgate_v2_signed_host_verify(NULL, BYTES("x"), CHARS(ID), 80, NOW, &end));
    IS_NULL_POINTER(sandgate_v2_signed_host_verify(&v2.traffic_key, BYTES("x"), CHARS(ID), 80, NOW, NULL));
    ASSERT_UNWRITTEN(out);
    ASSERT_UNWRITTEN(len);
    ASSERT_UNWRITTEN(end);
    assert_int_equal(allowed.basis, 7);
}

/* NULL for optional values. */
static void optional_pointers_accept_null(void **state)
{
    (void)state;
    sandgate_controller with_default;
    sandgate_edge edge_with_default;
    assert_int_equal(sandgate_controller_init(BYTES(TOKEN), NULL, &with_default), SANDGATE_OK);
    assert_int_equal(sandgate_edge_init(NULL, &edge_with_default), SANDGATE_OK);
    sandgate_request asked = request("GET", "/health");
    sandgate_allowed allowed = {.struct_size = sizeof allowed};
    assert_int_equal(sandgate_controller_check(&with_default, &asked, NOW, &allowed), SANDGATE_OK);
}

static void file_url_functions_refuse_null(void **state)
{
    (void)state;
    sandgate_v1_file_url url = file_url("/a", "user");
    sandgate_allowed allowed = {.struct_size = sizeof allowed, .basis = 7};
    char out[256];
    size_t len;
    SET_UNWRITTEN(out);
    SET_UNWRITTEN(len);
    IS_NULL_POINTER(sandgate_v1_file_url_sign(NULL, &url, out, sizeof out, &len));
    IS_NULL_POINTER(sandgate_v1_file_url_sign(&key, NULL, out, sizeof out, &len));
    IS_NULL_POINTER(sandgate_v1_file_url_write(NULL, CHARS("https://a"), &url, out, sizeof out, &len));
    IS_NULL_POINTER(sandgate_v1_file_url_write(&key, CHARS("https://a"), NULL, out, sizeof out, &len));
    IS_NULL_POINTER(sandgate_v1_file_url_verify(NULL, &url, BYTES("x"), NOW));
    IS_NULL_POINTER(sandgate_v1_file_url_verify(&key, NULL, BYTES("x"), NOW));
    IS_NULL_POINTER(sandgate_v1_file_url_verify_query(NULL, 1, BYTES("signature=x"), NOW, &allowed));
    IS_NULL_POINTER(sandgate_v1_file_url_verify_query(&key, 1, BYTES("signature=x"), NOW, NULL));
    IS_NULL_POINTER(sandgate_text_decode(NULL, out, sizeof out, &len));
    IS_NULL_POINTER(sandgate_fingerprint(BYTES(TOKEN), NULL));
    ASSERT_UNWRITTEN(out);
    ASSERT_UNWRITTEN(len);
    assert_int_equal(allowed.basis, 7);
}

static void gate_functions_refuse_null(void **state)
{
    (void)state;
    sandgate_request asked = request("GET", "/");
    sandgate_route to = route(ID, 8080), found = {.struct_size = sizeof found, .port = 7};
    sandgate_sandbox_state known = {.struct_size = sizeof known};
    sandgate_allowed allowed = {.struct_size = sizeof allowed, .basis = 7};
    sandgate_header host = header("8080-" ID ".e2b.app"), absent = header(NULL);
    sandgate_passed passed = {.struct_size = sizeof passed, .basis = 7};
    uint32_t carrier = 7;
    IS_NULL_POINTER(sandgate_controller_check(NULL, &asked, NOW, &allowed));
    IS_NULL_POINTER(sandgate_controller_check(&controller, NULL, NOW, &allowed));
    IS_NULL_POINTER(sandgate_controller_check(&controller, &asked, NOW, NULL));
    assert_false(sandgate_request_path_is(NULL, CHARS("/")));
    IS_NULL_POINTER(sandgate_edge_screen(NULL, &to, &asked));
    IS_NULL_POINTER(sandgate_edge_screen(&edge, NULL, &asked));
    IS_NULL_POINTER(sandgate_edge_screen(&edge, &to, NULL));
    IS_NULL_POINTER(sandgate_edge_check(NULL, &to, &known, &asked, NOW, &passed));
    IS_NULL_POINTER(sandgate_edge_check(&edge, NULL, &known, &asked, NOW, &passed));
    IS_NULL_POINTER(sandgate_edge_check(&edge, &to, NULL, &asked, NOW, &passed));
    IS_NULL_POINTER(sandgate_edge_check(&edge, &to, &known, NULL, NOW, &passed));
    IS_NULL_POINTER(sandgate_edge_check(&edge, &to, &known, &asked, NOW, NULL));
    IS_NULL_POINTER(sandgate_edge_carrier(NULL, &to, &known, &asked, &carrier));
    IS_NULL_POINTER(sandgate_edge_carrier(&edge, NULL, &known, &asked, &carrier));
    IS_NULL_POINTER(sandgate_edge_carrier(&edge, &to, NULL, &asked, &carrier));
    IS_NULL_POINTER(sandgate_edge_carrier(&edge, &to, &known, NULL, &carrier));
    IS_NULL_POINTER(sandgate_edge_carrier(&edge, &to, &known, &asked, NULL));
    IS_NULL_POINTER(sandgate_route_parse(NULL, &absent, &absent, &found));
    IS_NULL_POINTER(sandgate_route_parse(&host, NULL, &absent, &found));
    IS_NULL_POINTER(sandgate_route_parse(&host, &absent, NULL, &found));
    IS_NULL_POINTER(sandgate_route_parse(&host, &absent, &absent, NULL));
    sandgate_header_line line = {BYTES("Host"), BYTES("8080-" ID ".e2b.app")};
    sandgate_head received = head("GET", "/", &line, 1);
    IS_NULL_POINTER(sandgate_controller_guard(NULL, &received, NOW, &allowed));
    IS_NULL_POINTER(sandgate_controller_guard(&controller, NULL, NOW, &allowed));
    IS_NULL_POINTER(sandgate_controller_guard(&controller, &received, NOW, NULL));
    IS_NULL_POINTER(sandgate_edge_route(NULL, &received, &found));
    IS_NULL_POINTER(sandgate_edge_route(&edge, NULL, &found));
    IS_NULL_POINTER(sandgate_edge_route(&edge, &received, NULL));
    IS_NULL_POINTER(sandgate_edge_guard(NULL, &to, &known, &received, NOW, &passed));
    IS_NULL_POINTER(sandgate_edge_guard(&edge, NULL, &known, &received, NOW, &passed));
    IS_NULL_POINTER(sandgate_edge_guard(&edge, &to, NULL, &received, NOW, &passed));
    IS_NULL_POINTER(sandgate_edge_guard(&edge, &to, &known, NULL, NOW, &passed));
    IS_NULL_POINTER(sandgate_edge_guard(&edge, &to, &known, &received, NOW, NULL));
    assert_int_equal(allowed.basis, 7);
    assert_int_equal(found.port, 7);
    assert_int_equal(passed.basis, 7);
    assert_int_equal(carrier, 7);
}

/* Without an output nothing is applied. */
static void initialize_refuses_null(void **state)
{
    (void)state;
    sandgate_controller waiting;
    sandgate_initialized outcome;
    SET_UNWRITTEN(outcome);
    assert_int_equal(sandgate_controller_init_waiting(NULL, &waiting), SANDGATE_OK);
    IS_NULL_POINTER(sandgate_controller_initialize(NULL, BYTES("{}"), NULL, 0, &outcome));
    IS_NULL_POINTER(sandgate_controller_initialize(&waiting, BYTES("{}"), NULL, 0, NULL));
    assert_true(sandgate_controller_is_waiting(&waiting));
    ASSERT_UNWRITTEN(outcome);
}

static void wake_check_refuses_null(void **state)
{
    (void)state;
    sandgate_request asked = request("GET", "/");
    sandgate_route to = route(ID, 8080);
    sandgate_sandbox_state known = {.struct_size = sizeof known};
    assert_int_equal(sandgate_wake_check(&edge, &controller, &to, &known, &asked, NOW), SANDGATE_OK);
    IS_NULL_POINTER(sandgate_wake_check(NULL, &controller, &to, &known, &asked, NOW));
    IS_NULL_POINTER(sandgate_wake_check(&edge, NULL, &to, &known, &asked, NOW));
    IS_NULL_POINTER(sandgate_wake_check(&edge, &controller, NULL, &known, &asked, NOW));
    IS_NULL_POINTER(sandgate_wake_check(&edge, &controller, &to, NULL, &asked, NOW));
    IS_NULL_POINTER(sandgate_wake_check(&edge, &controller, &to, &known, NULL, NOW));
}

static void forward_functions_refuse_null(void **state)
{
    (void)state;
    char out[8];
    size_t len;
    SET_UNWRITTEN(out);
    SET_UNWRITTEN(len);
    IS_NULL_POINTER(sandgate_forward_header(BYTES("a"), BYTES("b"), out, sizeof out, &len, NULL));
    ASSERT_UNWRITTEN(out);
    ASSERT_UNWRITTEN(len);
}

static void creation_refuses_null(void **state)
{
    (void)state;
    sandgate_creation_options asked = {
        .struct_size = sizeof asked, .envd_version = "0.2.0", .envd_version_len = strlen("0.2.0")};
    sandgate_credentials issued = {sizeof issued, 7, 7};
    IS_NULL_POINTER(sandgate_creation_decide(NULL, &issued));
    IS_NULL_POINTER(sandgate_creation_decide(&asked, NULL));
    assert_true(issued.access_token == 7 && issued.traffic_token == 7);
}

static void webhook_functions_refuse_null(void **state)
{
    (void)state;
    sandgate_webhook_verifier verifier;
    sandgate_webhook_verification verification;
    sandgate_header_line nameless = {NULL, 0, "x", 1}, line = {BYTES("e2b-signature"), BYTES("x")};
    char out[SANDGATE_WEBHOOK_SIGNATURE_LEN];
    size_t len;
    SET_UNWRITTEN(verification);
    SET_UNWRITTEN(out);
    SET_UNWRITTEN(len);
    assert_int_equal(sandgate_webhook_verifier_init(BYTES("a secret of 20 bytes"), &verifier), SANDGATE_OK);
    IS_NULL_POINTER(sandgate_webhook_verifier_init(NULL, 20, &verifier));
    IS_NULL_POINTER(sandgate_webhook_verifier_init(BYTES("a secret of 20 bytes"), NULL));
    IS_NULL_POINTER(sandgate_webhook_verifier_add(NULL, BYTES("a secret of 20 bytes")));
    IS_NULL_POINTER(sandgate_webhook_verifier_add(&verifier, NULL, 20));
    IS_NULL_POINTER(sandgate_webhook_verify(NULL, &line, 1, BYTES("x")));
    IS_NULL_POINTER(sandgate_webhook_verify(&verifier, NULL, 1, BYTES("x")));
    IS_NULL_POINTER(sandgate_webhook_verify(&verifier, &nameless, 1, BYTES("x")));
    IS_NULL_POINTER(sandgate_webhook_verify(&verifier, &line, SIZE_MAX, BYTES("x")));
    IS_NULL_POINTER(sandgate_webhook_verify(&verifier, &line, 1, NULL, 1));
    IS_NULL_POINTER(sandgate_webhook_start(NULL, &line, 1, &verification));
    IS_NULL_POINTER(sandgate_webhook_start(&verifier, NULL, 1, &verification));
    ASSERT_UNWRITTEN(verification);
    line.value = "3HX+9ZpU3ubwOg4c/I4RJjxNMUgwgml8y+a87MvYWJA";
    line.value_len = SANDGATE_WEBHOOK_SIGNATURE_LEN;
    IS_NULL_POINTER(sandgate_webhook_start(&verifier, &line, 1, NULL));
    assert_int_equal(sandgate_webhook_start(&verifier, &line, 1, &verification), SANDGATE_OK);
    IS_NULL_POINTER(sandgate_webhook_update(NULL, BYTES("x")));
    IS_NULL_POINTER(sandgate_webhook_update(&verification, NULL, 1));
    IS_NULL_POINTER(sandgate_webhook_finish(NULL));
    IS_NULL_POINTER(sandgate_webhook_sign(NULL, 20, BYTES("x"), out, sizeof out, &len));
    IS_NULL_POINTER(sandgate_webhook_sign(BYTES("a secret of 20 bytes"), NULL, 1, out, sizeof out, &len));
    IS_NULL_POINTER(sandgate_webhook_sign(BYTES("a secret of 20 bytes"), BYTES("x"), NULL, sizeof out, &len));
    IS_NULL_POINTER(sandgate_webhook_sign(BYTES("a secret of 20 bytes"), BYTES("x"), out, sizeof out, NULL));
    ASSERT_UNWRITTEN(out);
    ASSERT_UNWRITTEN(len);
}

static int init(void **state)
{
    (void)state;
    v2_init(&v2, 'a', SEED_V2, 0);
    return sandgate_v1_keyring_init(BYTES(SEED), &keyring) || sandgate_v1_file_url_key_init(BYTES(TOKEN), &key) ||
           sandgate_controller_init(BYTES(TOKEN), NULL, &controller) || sandgate_edge_init(NULL, &edge);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(initialisers_refuse_null), cmocka_unit_test(wipes_accept_null),        cmocka_unit_test(keyring_functions_refuse_null),
        cmocka_unit_test(file_url_functions_refuse_null), cmocka_unit_test(gate_functions_refuse_null), cmocka_unit_test(creation_refuses_null),
        cmocka_unit_test(v2_initialisers_refuse_null), cmocka_unit_test(v2_functions_refuse_null), cmocka_unit_test(optional_pointers_accept_null),
        cmocka_unit_test(forward_functions_refuse_null), cmocka_unit_test(initialize_refuses_null), cmocka_unit_test(wake_check_refuses_null),
        cmocka_unit_test(webhook_functions_refuse_null),
    };
    return cmocka_run_group_tests(tests, init, NULL);
}
