/* The controller's v2 rule through C: grants, refusals, and which tokens can be combined. */

#include "v2.h"

#define REFUSAL(message) "{\"code\":401,\"message\":\"" message "\"}"

static struct v2 old, new;
static sandgate_controller controller;
static sandgate_allowed allowed;
static char written[1024];

static sandgate_result ask_in(const char *context, const char *method, const char *target, int64_t now)
{
    sandgate_request asked = request(method, target);
    asked.context = context;
    asked.context_len = context ? strlen(context) : 0;
    allowed = (sandgate_allowed){.struct_size = sizeof allowed};
    return sandgate_controller_check(&controller, &asked, now, &allowed);
}

static sandgate_result ask(const char *method, const char *target, int64_t now)
{
    return ask_in(NULL, method, target, now);
}

static const char *target_of(const struct v2 *by, sandgate_v2_file_url url)
{
    size_t len;
    assert_int_equal(sandgate_v2_file_url_write(&by->key, "x", 1, &url, written, sizeof written - 1, &len), SANDGATE_OK);
    written[len] = '\0';
    return written + 1;
}

static void assert_refused(sandgate_result result, sandgate_result expected, const char *expected_body)
{
    char body[256] = {0};
    size_t len;
    assert_int_equal(result, expected);
    assert_int_equal(sandgate_refusal_json(result, body, sizeof body, &len), SANDGATE_OK);
    assert_string_equal(body, expected_body);
    assert_int_equal(allowed.basis, 0);
}

static void directory_with_limits_is_granted(void **state)
{
    (void)state;
    const uint64_t max_bytes = 1 << 20;
    uint8_t sha256[32];
    for (uint8_t at = 0; at < 32; at++)
        sha256[at] = at;
    sandgate_v2_file_url url = v2_url("");
    url.operation = SANDGATE_OPERATION_WRITE;
    url.directory = "/in box/";
    url.directory_len = strlen("/in box/");
    url.max_bytes = &max_bytes;
    url.content_sha256 = sha256;
    char target[1024];
    strcpy(target, target_of(&old, url));
    assert_null(strstr(target, "?path="));
    char *path = target + strlen(target);

    const char *const methods[] = {"POST", "PUT"};
    for (int at = 0; at < 2; at++) {
        strcpy(path, "&path=/in%20box/a");
        assert_int_equal(ask(methods[at], target, NOW), SANDGATE_OK);
        assert_int_equal(allowed.basis, SANDGATE_ALLOWED_SIGNATURE);
        assert_int_equal(allowed.operation, SANDGATE_OPERATION_WRITE);
        assert_true(sandgate_text_equal(&allowed.path, BYTES("/in box/a")));
        assert_true(allowed.has_directory == 1 && sandgate_text_equal(&allowed.directory, BYTES("/in box/")));
        assert_true(allowed.has_max_bytes == 1 && allowed.max_bytes == max_bytes);
        assert_true(allowed.has_expires == 1 && allowed.expires == NOW + 60);
        assert_int_equal(allowed.has_content_sha256, 1);
        assert_memory_equal(allowed.content_sha256, sha256, 32);
        assert_int_equal(allowed.has_user, 0);
    }
    assert_refused(ask("HEAD", target, NOW), SANDGATE_FILE_SIGNATURE_MALFORMED,
                   "{\"code\":400,\"message\":\"malformed request\"}");
    strcpy(path, "&path=/in%20box");
    assert_refused(ask("PUT", target, NOW), SANDGATE_FILE_SIGNATURE_OUT_OF_SCOPE,
                   REFUSAL("signature does not cover this path"));
    strcpy(path, "&path=/in%20box/a");
    assert_refused(ask("PUT", target, NOW + 61), SANDGATE_FILE_SIGNATURE_EXPIRED,
                   REFUSAL("signature is already expired"));
    assert_refused(ask("PUT", target, NOW + 60 - 604801), SANDGATE_FILE_SIGNATURE_LIFETIME_TOO_LONG,
                   REFUSAL("signature lifetime is too long"));
}

static void path_without_limits_is_granted(void **state)
{
    (void)state;
    sandgate_v2_file_url url = v2_url("/a");
    const char *const methods[] = {"GET", "HEAD"};
    for (int at = 0; at < 2; at++) {
        assert_int_equal(ask(methods[at], target_of(&old, url), NOW), SANDGATE_OK);
        assert_true(allowed.has_user == 0 && allowed.user.len == 0 && allowed.has_directory == 0);
        assert_true(allowed.has_max_bytes == 0 && allowed.has_content_sha256 == 0 && allowed.directory.raw == NULL);
    }
    url.user = "x";
    assert_int_equal(ask("GET", target_of(&old, url), NOW), SANDGATE_OK);
    assert_true(allowed.has_user == 1 && allowed.user.len == 0);
    url.user_len = 1;
    assert_int_equal(ask("GET", target_of(&old, url), NOW), SANDGATE_OK);
    assert_true(allowed.has_user == 1 && sandgate_text_equal(&allowed.user, BYTES("x")));
    const char *const asked_for[] = {"/files?path=/a", "/files?path=/a&username="};
    for (uint32_t has_user = 0; has_user < 2; has_user++) {
        sandgate_request asked = request("GET", asked_for[has_user]);
        asked.access_token = header(old.access_token);
        assert_int_equal(sandgate_controller_check(&controller, &asked, NOW, &allowed), SANDGATE_OK);
        assert_true(allowed.basis == SANDGATE_ALLOWED_TOKEN && allowed.has_user == has_user && allowed.user.len == 0);
    }
    assert_int_equal(ask("GET", "/files?path=/a&signature=v1_gMNqi6kqR6ecvPryJoAUDkADvoej9X7wPINcb84xvNw", NOW),
                     SANDGATE_FILE_SIGNATURE_MALFORMED);
}

/* Verified from its parts and from its query. */
static void signature_verifies_by_parts_and_by_query(void **state)
{
    (void)state;
    char signature[SANDGATE_V2_SIGNATURE_LEN];
    size_t len;
    const sandgate_v2_file_url url = v2_url("/a");
    sandgate_v2_file_url other = v2_url("/b"), no_user = v2_url("/a");
    assert_int_equal(sandgate_v2_file_url_sign(&old.key, &url, signature, sizeof signature, &len), SANDGATE_OK);
    assert_memory_equal(signature, "v2.a.", 5);
#define VERIFY(by, url, now) sandgate_v2_file_url_verify(&(by).key, &(url), signature, len, now)
    assert_int_equal(VERIFY(old, url, NOW), SANDGATE_OK);
    assert_int_equal(VERIFY(old, url, NOW + 61), SANDGATE_FILE_SIGNATURE_EXPIRED);
    assert_int_equal(VERIFY(old, url, NOW + 60 - 604801), SANDGATE_FILE_SIGNATURE_LIFETIME_TOO_LONG);
    assert_int_equal(VERIFY(new, url, NOW), SANDGATE_FILE_SIGNATURE_INVALID);
    assert_int_equal(VERIFY(old, other, NOW), SANDGATE_FILE_SIGNATURE_INVALID);
    no_user.user = "";
    assert_int_equal(VERIFY(old, no_user, NOW), SANDGATE_FILE_SIGNATURE_INVALID);
    len--;
    assert_int_equal(VERIFY(old, url, NOW), SANDGATE_FILE_SIGNATURE_MALFORMED);

    const char *query = strchr(target_of(&old, url), '?') + 1;
    allowed = (sandgate_allowed){.struct_size = sizeof allowed};
    assert_int_equal(
        sandgate_v2_file_url_verify_query(&old.key, SANDGATE_OPERATION_READ, BYTES(query), NULL, 0, NOW, &allowed),
        SANDGATE_OK);
    assert_true(allowed.basis == SANDGATE_ALLOWED_SIGNATURE && sandgate_text_equal(&allowed.path, BYTES("/a")));
    assert_int_equal(
        sandgate_v2_file_url_verify_query(&old.key, SANDGATE_OPERATION_WRITE, BYTES(query), NULL, 0, NOW, &allowed),
        SANDGATE_FILE_SIGNATURE_INVALID);
}

static void path_outside_its_directory_is_out_of_scope(void **state)
{
    (void)state;
    char out[SANDGATE_V2_SIGNATURE_LEN];
    size_t len;
    sandgate_v2_file_url url = v2_url("/a/b");
    url.directory = "/a/";
    url.directory_len = 3;
    assert_int_equal(sandgate_v2_file_url_sign(&old.key, &url, out, sizeof out, &len), SANDGATE_OK);
    url.path_len = 2;
    assert_int_equal(sandgate_v2_file_url_sign(&old.key, &url, out, sizeof out, &len), SANDGATE_BAD_PATH);
    assert_int_equal(sandgate_v2_file_url_verify(&old.key, &url, out, len, NOW),
                     SANDGATE_FILE_SIGNATURE_OUT_OF_SCOPE);
    url.directory_len = 2;
    assert_int_equal(sandgate_v2_file_url_sign(&old.key, &url, out, sizeof out, &len), SANDGATE_BAD_DIRECTORY);
    url = v2_url("/a");
    url.user = "\xff";
    url.user_len = 1;
    assert_int_equal(sandgate_v2_file_url_sign(&old.key, &url, out, sizeof out, &len), SANDGATE_BAD_USER);
}

static void context_must_match(void **state)
{
    (void)state;
    sandgate_v2_file_url url = v2_url("/a");
    assert_int_equal(ask_in("10.0.0.1", "GET", target_of(&old, url), NOW), SANDGATE_FILE_SIGNATURE_INVALID);
    url.context = "10.0.0.1";
    url.context_len = 8;
    assert_null(strstr(target_of(&old, url), "10.0.0.1"));
    assert_int_equal(ask_in("10.0.0.1", "GET", written + 1, NOW), SANDGATE_OK);
    assert_int_equal(ask_in("10.0.0.2", "GET", written + 1, NOW), SANDGATE_FILE_SIGNATURE_INVALID);
    assert_int_equal(ask_in(NULL, "GET", written + 1, NOW), SANDGATE_FILE_SIGNATURE_INVALID);
    char too_long[257] = {0};
    memset(too_long, 'a', 256);
    assert_int_equal(ask_in(too_long, "GET", written + 1, NOW), SANDGATE_BAD_CONTEXT);
    assert_int_equal(allowed.basis, 0);
    const char *query = strchr(written, '?') + 1;
    assert_int_equal(
        sandgate_v2_file_url_verify_query(&old.key, 1, BYTES(query), BYTES("10.0.0.1"), NOW, &allowed), SANDGATE_OK);
}

/* Which seed signs and which verify during a rotation. */
static void old_and_new_seed_verify_during_rotation(void **state)
{
    (void)state;
    sandgate_controller kept = controller;
    const sandgate_v2_file_url url = v2_url("/a");
    assert_int_equal(ask("GET", target_of(&new, url), NOW), SANDGATE_FILE_SIGNATURE_INVALID);
    assert_int_equal(sandgate_controller_add_token(&controller, BYTES(new.access_token)), SANDGATE_OK);
    assert_int_equal(ask("GET", target_of(&new, url), NOW), SANDGATE_OK);
    assert_int_equal(ask("GET", target_of(&old, url), NOW), SANDGATE_OK);

    sandgate_v2_keyring both = old.keyring;
    assert_int_equal(sandgate_v2_keyring_add(&both, 'b', BYTES(SEED_V2)), SANDGATE_REPEATED_KEY);
    assert_int_equal(sandgate_v2_keyring_add(&both, 'a', BYTES(SEED_V2 "2")), SANDGATE_REPEATED_KEY);
    assert_int_equal(sandgate_v2_keyring_verify_access_token(&both, CHARS(ID), 0, BYTES(new.access_token)),
                     SANDGATE_ROUTE_INVALID);
    assert_int_equal(sandgate_v2_keyring_add(&both, 'b', BYTES(SEED_V2 "2")), SANDGATE_OK);
    assert_int_equal(sandgate_v2_keyring_verify_access_token(&both, CHARS(ID), 0, BYTES(new.access_token)), SANDGATE_OK);
    assert_int_equal(sandgate_v2_keyring_verify_access_token(&both, CHARS(ID), 1, BYTES(new.access_token)),
                     SANDGATE_ROUTE_INVALID);
    char seed[] = SEED_V2 "-0";
    for (char kid = 'c'; kid < 'i'; kid++, seed[sizeof seed - 2]++)
        assert_int_equal(sandgate_v2_keyring_add(&both, kid, BYTES(seed)), SANDGATE_OK);
    assert_int_equal(sandgate_v2_keyring_add(&both, 'i', BYTES(seed)), SANDGATE_TOO_MANY_SEEDS);
    controller = kept;
}

static void mixed_tokens_are_misuse(void **state)
{
    (void)state;
    const sandgate_policy v1 = policy_of(SANDGATE_POLICY_E2B_SDKS), v2 = policy_of(SANDGATE_POLICY_V2_ALONE);
    sandgate_controller of_v1, before = controller;
    sandgate_v1_file_url_key v1_key;
    sandgate_v2_file_url_key v2_key;
    sandgate_v2_traffic_key traffic_key;
    assert_int_equal(sandgate_controller_init(BYTES(TOKEN), NULL, &of_v1), SANDGATE_OK);
    assert_int_equal(sandgate_controller_add_token(&of_v1, BYTES(old.access_token)), SANDGATE_MIXED_VERSIONS);
    assert_int_equal(sandgate_controller_add_token(&controller, BYTES(TOKEN)), SANDGATE_MIXED_VERSIONS);
    assert_int_equal(sandgate_controller_add_token(&controller, BYTES("sg2a.a.short")), SANDGATE_TOKEN_SHAPE);
    assert_int_equal(sandgate_controller_add_token(&controller, BYTES(old.access_token)), SANDGATE_REPEATED_TOKEN);
    assert_same_storage(&before, &controller, sizeof before);
    assert_int_equal(sandgate_controller_init(BYTES(old.access_token), &v1, &of_v1), SANDGATE_TOKEN_VERSION);
    assert_int_equal(sandgate_controller_init(BYTES(TOKEN), &v2, &of_v1), SANDGATE_TOKEN_VERSION);
    assert_int_equal(sandgate_v1_file_url_key_init(BYTES(old.access_token), &v1_key), SANDGATE_V2_TOKEN_GIVEN);
    assert_int_equal(sandgate_v1_file_url_key_init(BYTES("sg2t.x"), &v1_key), SANDGATE_TRAFFIC_TOKEN_GIVEN);
    assert_int_equal(sandgate_v1_file_url_key_init(BYTES("sg2r.x"), &v1_key), SANDGATE_TRAFFIC_ROOT_GIVEN);
    assert_int_equal(sandgate_controller_init(BYTES("sg2t.x"), &v1, &of_v1), SANDGATE_TRAFFIC_TOKEN_GIVEN);
    assert_int_equal(sandgate_controller_add_token(&controller, BYTES("sg2r.x")), SANDGATE_TRAFFIC_ROOT_GIVEN);
    assert_same_storage(&before, &controller, sizeof before);
    assert_int_equal(sandgate_v2_file_url_key_init(BYTES(TOKEN), &v2_key), SANDGATE_V1_TOKEN_GIVEN);
    assert_int_equal(sandgate_v2_file_url_key_init(BYTES("sg2a."), &v2_key), SANDGATE_TOKEN_SHAPE);
    assert_int_equal(sandgate_v2_traffic_key_init(BYTES(old.access_token), &traffic_key), SANDGATE_ACCESS_TOKEN_GIVEN);
    assert_int_equal(sandgate_v2_traffic_key_init(BYTES("sg2t."), &traffic_key), SANDGATE_TOKEN_SHAPE);
}

static void policy_restricts_formats_and_times(void **state)
{
    (void)state;
    sandgate_controller kept = controller;
    sandgate_policy policy = policy_of(SANDGATE_POLICY_V2_ALONE);
    policy.leeway = 5;
    policy.max_lifetime = 60;
    assert_int_equal(sandgate_controller_init(BYTES(old.access_token), &policy, &controller), SANDGATE_OK);
    const char *target = target_of(&old, v2_url("/a"));
    assert_int_equal(ask("GET", target, NOW + 65), SANDGATE_OK);
    assert_int_equal(ask("GET", target, NOW + 66), SANDGATE_FILE_SIGNATURE_EXPIRED);
    assert_int_equal(ask("GET", target, NOW - 5), SANDGATE_OK);
    assert_int_equal(ask("GET", target, NOW - 6), SANDGATE_FILE_SIGNATURE_LIFETIME_TOO_LONG);

    policy = policy_of(SANDGATE_POLICY_E2B_SDKS);
    sandgate_v1_file_url_key key;
    const sandgate_v1_file_url url = file_url("/a", "");
    size_t len;
    assert_int_equal(sandgate_v1_file_url_key_init(BYTES(TOKEN), &key), SANDGATE_OK);
    assert_int_equal(sandgate_v1_file_url_write(&key, "x", 1, &url, written, sizeof written - 1, &len), SANDGATE_OK);
    written[len] = '\0';
    for (uint32_t required = 0; required < 3; required++) {
        policy.v1_expiry_required = required;
        assert_int_equal(sandgate_controller_init(BYTES(TOKEN), &policy, &controller), SANDGATE_OK);
        assert_int_equal(ask("GET", written + 1, NOW),
                         required ? SANDGATE_FILE_SIGNATURE_LIFETIME_TOO_LONG : SANDGATE_OK);
    }
    controller = kept;
}

static int init(void **state)
{
    (void)state;
    v2_init(&old, 'a', SEED_V2, 0);
    v2_init(&new, 'b', SEED_V2 "2", 0);
    return sandgate_controller_init(BYTES(old.access_token), NULL, &controller);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(directory_with_limits_is_granted),
        cmocka_unit_test(path_without_limits_is_granted),
        cmocka_unit_test(signature_verifies_by_parts_and_by_query),
        cmocka_unit_test(path_outside_its_directory_is_out_of_scope),
        cmocka_unit_test(context_must_match),
        cmocka_unit_test(old_and_new_seed_verify_during_rotation),
        cmocka_unit_test(mixed_tokens_are_misuse),
        cmocka_unit_test(policy_restricts_formats_and_times),
    };
    return cmocka_run_group_tests(tests, init, NULL);
}
