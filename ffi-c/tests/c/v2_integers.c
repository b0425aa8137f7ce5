/* Numbers of v2 at their limits, and one beyond. */

#include "v2.h"

#define MAX_EXACT ((INT64_C(1) << 53) - 1)

static struct v2 all;

static sandgate_result init_with(const sandgate_policy *policy)
{
    sandgate_controller controller;
    sandgate_edge edge;
    SET_UNWRITTEN(controller);
    SET_UNWRITTEN(edge);
    sandgate_result result = sandgate_edge_init(policy, &edge);
    assert_int_equal(sandgate_controller_init(BYTES(all.access_token), policy, &controller), result);
    if (result != SANDGATE_OK) {
        ASSERT_UNWRITTEN(controller);
        ASSERT_UNWRITTEN(edge);
    }
    return result;
}

static void policies_out_of_range_are_misuse(void **state)
{
    (void)state;
    sandgate_policy policy = policy_of(SANDGATE_POLICY_DEFAULT), v1 = policy_of(SANDGATE_POLICY_E2B_SDKS);
    assert_true(policy.leeway == 0 && policy.max_lifetime == 604800 && policy.signed_host_max_lifetime == 86400);
    assert_int_equal(policy.carriers, SANDGATE_CARRIER_HEADER | SANDGATE_CARRIER_HOST);
    assert_int_equal(policy.versions, SANDGATE_FORMAT_V1 | SANDGATE_FORMAT_V2);
    assert_true(v1.carriers == SANDGATE_CARRIER_HEADER && v1.versions == SANDGATE_FORMAT_V1);
    assert_int_equal(policy_of(SANDGATE_POLICY_V2_ALONE).versions, SANDGATE_FORMAT_V2);
    for (uint32_t name = 3; name != 0; name <<= 1) {
        sandgate_policy out = {.struct_size = sizeof out, .leeway = 7};
        assert_int_equal(sandgate_policy_init(name, &out), SANDGATE_BAD_POLICY);
        assert_int_equal(out.leeway, 7);
    }
    for (uint32_t carriers = 0; carriers < 16; carriers++) {
        policy.carriers = carriers;
        assert_int_equal(init_with(&policy), SANDGATE_OK);
    }
    for (uint32_t bit = 16; bit != 0; bit <<= 1) {
        policy.carriers = SANDGATE_CARRIER_HEADER | bit;
        assert_int_equal(init_with(&policy), SANDGATE_BAD_POLICY);
    }
    policy = policy_of(SANDGATE_POLICY_DEFAULT);
    policy.versions = 0;
    assert_int_equal(init_with(&policy), SANDGATE_BAD_POLICY);
    for (uint32_t bit = 4; bit != 0; bit <<= 1) {
        policy.versions = SANDGATE_FORMAT_V2 | bit;
        assert_int_equal(init_with(&policy), SANDGATE_BAD_POLICY);
    }
}

static void windows_out_of_range_are_misuse(void **state)
{
    (void)state;
    sandgate_policy policy = policy_of(SANDGATE_POLICY_V2_ALONE);
    const uint32_t good[] = {0, 300}, bad[] = {301, 65536, UINT32_MAX};
    policy.max_lifetime = policy.signed_host_max_lifetime = UINT32_MAX;
    for (int at = 0; at < 2; at++) {
        policy.leeway = good[at];
        assert_int_equal(init_with(&policy), SANDGATE_OK);
        assert_int_equal(sandgate_v2_file_url_key_set_window(&all.key, good[at], UINT32_MAX), SANDGATE_OK);
        assert_int_equal(sandgate_v2_traffic_key_set_window(&all.traffic_key, good[at], 0), SANDGATE_OK);
        assert_int_equal(sandgate_v2_traffic_key_set_signed_host_window(&all.traffic_key, good[at], 0), SANDGATE_OK);
    }
    const struct v2 before = all;
    for (int at = 0; at < 3; at++) {
        policy.leeway = bad[at];
        assert_int_equal(init_with(&policy), SANDGATE_BAD_LEEWAY);
        assert_int_equal(sandgate_v2_file_url_key_set_window(&all.key, bad[at], 1), SANDGATE_BAD_LEEWAY);
        assert_int_equal(sandgate_v2_traffic_key_set_window(&all.traffic_key, bad[at], 1), SANDGATE_BAD_LEEWAY);
        assert_int_equal(sandgate_v2_traffic_key_set_signed_host_window(&all.traffic_key, bad[at], 1),
                         SANDGATE_BAD_LEEWAY);
    }
    assert_same_storage(&before, &all, sizeof all);
    v2_init(&all, 'a', SEED_V2, 0);
}

/* From when and for how long a credential that expires in a minute is accepted. */
static void windows_accept_exactly_their_seconds(void **state)
{
    (void)state;
    char sign[64], pass[SANDGATE_V2_PASS_MAX], label[SANDGATE_V2_SIGNED_HOST_MAX];
    size_t sign_len, pass_len, label_len;
    int64_t end;
    const sandgate_v2_file_url url = v2_url("/a");
    struct v2 held = all;
    assert_int_equal(sandgate_v2_file_url_sign(&held.key, &url, sign, sizeof sign, &sign_len), SANDGATE_OK);
    assert_int_equal(sandgate_v2_pass_issue(&held.traffic_key, 80, NOW + 60, NULL, 0, pass, sizeof pass, &pass_len),
                     SANDGATE_OK);
    assert_int_equal(sandgate_v2_signed_host_issue(&held.traffic_key, CHARS(ID), 80, NOW + 60, label, sizeof label,
                                                   &label_len),
                     SANDGATE_OK);
    assert_int_equal(sandgate_v2_file_url_key_set_window(&held.key, 5, 30), SANDGATE_OK);
    assert_int_equal(sandgate_v2_traffic_key_set_window(&held.traffic_key, 6, 31), SANDGATE_OK);
    assert_int_equal(sandgate_v2_traffic_key_set_signed_host_window(&held.traffic_key, 7, 32), SANDGATE_OK);
    for (int seconds = 0; seconds < 80; seconds++) {
        const int64_t now = NOW + seconds;
#define EXPECTED(gate, leeway, lifetime)                                                                     \
    (now > NOW + 60 + leeway              ? SANDGATE_##gate##_EXPIRED                                        \
     : NOW + 60 > now + lifetime + leeway ? SANDGATE_##gate##_LIFETIME_TOO_LONG                              \
                                          : SANDGATE_OK)
        assert_int_equal(sandgate_v2_file_url_verify(&held.key, &url, sign, sign_len, now),
                         EXPECTED(FILE_SIGNATURE, 5, 30));
        assert_int_equal(
            sandgate_v2_pass_verify(&held.traffic_key, pass, pass_len, 80, NULL, 0, now, &end),
            EXPECTED(TRAFFIC, 6, 31));
        assert_int_equal(sandgate_v2_signed_host_verify(&held.traffic_key, label, label_len, CHARS(ID), 80,
                                                        now, &end),
                         EXPECTED(TRAFFIC, 7, 32));
    }
}

static void invalid_key_ids_are_misuse(void **state)
{
    (void)state;
    for (int number = -128; number < 256; number++) {
        const char kid = (char)number;
        const bool is_good = (kid >= '0' && kid <= '9') || (kid >= 'a' && kid <= 'z');
        sandgate_v2_keyring keyring, added = all.keyring;
        char root[SANDGATE_V2_TOKEN_LEN];
        size_t len;
        SET_UNWRITTEN(keyring);
        SET_UNWRITTEN(root);
        SET_UNWRITTEN(len);
        const sandgate_result expected = is_good ? SANDGATE_OK : SANDGATE_BAD_KEY_ID;
        assert_int_equal(sandgate_v2_keyring_init(kid, BYTES(SEED_V2), &keyring), expected);
        assert_int_equal(sandgate_v2_traffic_root(kid, BYTES(SEED_V2), root, sizeof root, &len), expected);
        assert_int_equal(sandgate_v2_keyring_add(&added, kid, BYTES(SEED_V2 "2")),
                         kid == 'a' ? SANDGATE_REPEATED_KEY : expected);
        if (is_good) {
            assert_int_equal(root[5], kid);
        } else {
            ASSERT_UNWRITTEN(keyring);
            ASSERT_UNWRITTEN(root);
            ASSERT_UNWRITTEN(len);
        }
    }
}

static void invalid_ports_are_misuse(void **state)
{
    (void)state;
    const uint32_t none[] = {0, 65536, 65536 + 80, UINT32_MAX};
    char out[SANDGATE_V2_PASS_MAX];
    size_t len;
    int64_t end;
    SET_UNWRITTEN(out);
    SET_UNWRITTEN(len);
    SET_UNWRITTEN(end);
    const sandgate_v2_traffic_key *key = &all.traffic_key;
    struct v2 moved = all;
    for (size_t at = 0; at < sizeof none / sizeof *none; at++) {
        const uint32_t port = none[at];
        assert_int_equal(sandgate_v2_pass_issue(key, port, NOW, NULL, 0, out, sizeof out, &len), SANDGATE_BAD_PORT);
        assert_int_equal(sandgate_v2_pass_verify(key, BYTES("x"), port, NULL, 0, NOW, &end), SANDGATE_BAD_PORT);
        assert_int_equal(sandgate_v2_signed_host_issue(key, CHARS(ID), port, NOW, out, sizeof out, &len),
                         SANDGATE_BAD_PORT);
        assert_int_equal(sandgate_v2_signed_host_verify(key, BYTES("x"), CHARS(ID), port, NOW, &end),
                         SANDGATE_BAD_PORT);
        assert_int_equal(sandgate_v2_traffic_key_set_controller_port(&moved.traffic_key, port), SANDGATE_BAD_PORT);
    }
    for (int is_moved = 0; is_moved < 2; is_moved++) {
        const uint32_t controller = is_moved ? 5000 : SANDGATE_CONTROLLER_PORT;
        if (is_moved)
            assert_int_equal(sandgate_v2_traffic_key_set_controller_port(&moved.traffic_key, 5000), SANDGATE_OK);
        key = &moved.traffic_key;
        assert_int_equal(sandgate_v2_pass_issue(key, controller, NOW, NULL, 0, out, sizeof out, &len),
                         SANDGATE_NOT_FOR_CONTROLLER_PORT);
        assert_int_equal(sandgate_v2_signed_host_issue(key, CHARS(ID), controller, NOW, out, sizeof out, &len),
                         SANDGATE_NOT_FOR_CONTROLLER_PORT);
    }
    ASSERT_UNWRITTEN(out);
    ASSERT_UNWRITTEN(len);
    ASSERT_UNWRITTEN(end);
    const uint32_t some[] = {1, 65535, SANDGATE_CONTROLLER_PORT};
    for (int at = 0; at < 3; at++)
        assert_int_equal(sandgate_v2_pass_issue(key, some[at], NOW, NULL, 0, out, sizeof out, &len), SANDGATE_OK);
}

static void times_out_of_range_are_misuse(void **state)
{
    (void)state;
    const int64_t good[] = {0, INT64_C(1) << 32, MAX_EXACT}, bad[] = {-1, MAX_EXACT + 1, INT64_MAX, INT64_MIN};
    char out[256];
    size_t len;
    int64_t end;
    sandgate_v2_file_url url = v2_url("/a");
    for (int at = 0; at < 3; at++) {
        url.expires = good[at];
        assert_int_equal(sandgate_v2_file_url_sign(&all.key, &url, out, sizeof out, &len), SANDGATE_OK);
        assert_int_equal(sandgate_v2_file_url_verify(&all.key, &url, out, len, good[at]), SANDGATE_OK);
        assert_int_equal(sandgate_v2_pass_issue(&all.traffic_key, 80, good[at], NULL, 0, out, sizeof out, &len),
                         SANDGATE_OK);
        assert_int_equal(
            sandgate_v2_pass_verify(&all.traffic_key, out, len, 80, NULL, 0, good[at], &end), SANDGATE_OK);
        assert_true(end == good[at]);
    }
    SET_UNWRITTEN(out);
    SET_UNWRITTEN(len);
    for (int at = 0; at < 4; at++) {
        url.expires = bad[at];
        assert_int_equal(sandgate_v2_file_url_sign(&all.key, &url, out, sizeof out, &len), SANDGATE_BAD_TIME);
        assert_int_equal(sandgate_v2_file_url_write(&all.key, CHARS("x"), &url, out, sizeof out, &len),
                         SANDGATE_BAD_TIME);
        assert_int_equal(sandgate_v2_file_url_verify(&all.key, &url, BYTES("x"), NOW),
                         SANDGATE_FILE_SIGNATURE_MALFORMED);
        assert_int_equal(sandgate_v2_pass_issue(&all.traffic_key, 80, bad[at], NULL, 0, out, sizeof out, &len),
                         SANDGATE_BAD_TIME);
        assert_int_equal(sandgate_v2_signed_host_issue(&all.traffic_key, CHARS(ID), 80, bad[at], out, sizeof out, &len),
                         SANDGATE_BAD_TIME);
    }
    /* 7 digits of base 36 reach less far. */
    const int64_t last = INT64_C(36) * 36 * 36 * 36 * 36 * 36 * 36 - 1;
    const struct signed_host {
        const char *id;
        int64_t expires;
        sandgate_result expected;
    } hosts[] = {
        {ID, last + 1, SANDGATE_BAD_SIGNED_HOST},
        {ID "123456", NOW, SANDGATE_BAD_SIGNED_HOST},
        {"A_b", NOW, SANDGATE_BAD_SIGNED_HOST},
        {ID, last, SANDGATE_OK},
    };
    for (int at = 0; at < 4; at++) {
        ASSERT_UNWRITTEN(out);
        assert_int_equal(sandgate_v2_signed_host_issue(&all.traffic_key, CHARS(hosts[at].id), 80, hosts[at].expires, out,
                                                       sizeof out, &len),
                         hosts[at].expected);
    }
}

static void limits_are_only_for_uploads(void **state)
{
    (void)state;
    char out[256];
    size_t len;
    SET_UNWRITTEN(out);
    SET_UNWRITTEN(len);
    uint64_t max_bytes = MAX_EXACT;
    const uint8_t sha256[32] = {1};
    sandgate_v2_file_url url = v2_url("/a");
#define SIGNS(expected)                                                                                      \
    do {                                                                                                     \
        assert_int_equal(sandgate_v2_file_url_sign(&all.key, &url, out, sizeof out, &len), expected);        \
        assert_int_equal(sandgate_v2_file_url_write(&all.key, CHARS("x"), &url, out, sizeof out, &len), expected); \
    } while (0)
    url.max_bytes = &max_bytes;
    SIGNS(SANDGATE_BAD_LIMIT);
    url.max_bytes = NULL;
    url.content_sha256 = sha256;
    SIGNS(SANDGATE_BAD_LIMIT);
    url.operation = SANDGATE_OPERATION_WRITE;
    url.max_bytes = &max_bytes;
    const uint64_t bad[] = {(uint64_t)MAX_EXACT + 1, UINT64_MAX, UINT64_C(1) << 63};
    for (int at = 0; at < 3; at++) {
        max_bytes = bad[at];
        SIGNS(SANDGATE_BAD_LIMIT);
    }
    const uint32_t strange[] = {0, 3, 255, 257, 258, 65537, 0x80000001, UINT32_MAX};
    max_bytes = 0;
    for (int at = 0; at < 8; at++) {
        sandgate_allowed allowed = {.struct_size = sizeof allowed, .basis = 7};
        url.operation = strange[at];
        SIGNS(SANDGATE_BAD_OPERATION);
        assert_int_equal(sandgate_v2_file_url_verify(&all.key, &url, BYTES("x"), NOW), SANDGATE_BAD_OPERATION);
        assert_int_equal(
            sandgate_v2_file_url_verify_query(&all.key, strange[at], BYTES("x"), NULL, 0, NOW, &allowed),
            SANDGATE_BAD_OPERATION);
        assert_int_equal(allowed.basis, 7);
    }
    ASSERT_UNWRITTEN(out);
    ASSERT_UNWRITTEN(len);
    url.operation = SANDGATE_OPERATION_WRITE;
    SIGNS(SANDGATE_OK);
    max_bytes = MAX_EXACT;
    SIGNS(SANDGATE_OK);
}

static int init(void **state)
{
    (void)state;
    v2_init(&all, 'a', SEED_V2, 0);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(policies_out_of_range_are_misuse), cmocka_unit_test(windows_out_of_range_are_misuse), cmocka_unit_test(windows_accept_exactly_their_seconds),
        cmocka_unit_test(invalid_key_ids_are_misuse),  cmocka_unit_test(invalid_ports_are_misuse),   cmocka_unit_test(times_out_of_range_are_misuse),
        cmocka_unit_test(limits_are_only_for_uploads),
    };
    return cmocka_run_group_tests(tests, init, NULL);
}
