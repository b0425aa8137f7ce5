/* The controller's rule through C: basis, statuses, and the JSON bodies to the byte. */

#include "check.h"

#define PROTECTED                                                                                            \
    "{\"code\":401,\"message\":\"unauthorized access, please provide a valid access token or method signing "      \
    "if supported\"}"
#define MALFORMED "{\"code\":400,\"message\":\"malformed request\"}"
#define MISMATCH "{\"code\":401,\"message\":\"access token present in header but does not match\"}"
#define MISSING "{\"code\":401,\"message\":\"missing signature query parameter\"}"
#define INVALID "{\"code\":401,\"message\":\"invalid signature\"}"
#define EXPIRED "{\"code\":401,\"message\":\"signature is already expired\"}"

static sandgate_controller controller;
static sandgate_allowed allowed;

static sandgate_result ask(const char *method, const char *target, sandgate_header access_token, int64_t now)
{
    sandgate_request asked = request(method, target);
    asked.access_token = access_token;
    allowed = (sandgate_allowed){.struct_size = sizeof allowed};
    return sandgate_controller_check(&controller, &asked, now, &allowed);
}

static void assert_refused(sandgate_result result, sandgate_result expected, const char *expected_body)
{
    char body[512] = {0};
    size_t len;
    assert_int_equal(result, expected);
    assert_int_equal(sandgate_refusal_json(result, body, sizeof body, &len), SANDGATE_OK);
    assert_int_equal(len, strlen(body));
    assert_string_equal(body, expected_body);
    assert_int_equal(sandgate_result_status(result), strstr(body, "400") ? 400 : 401);
    assert_non_null(strstr(body, sandgate_result_message(result)));
    assert_int_equal(allowed.basis, 0);
}

static void assert_decodes(sandgate_text text, const char *expected)
{
    char out[256] = {0};
    size_t len;
    assert_int_equal(sandgate_text_decode(&text, out, sizeof out, &len), SANDGATE_OK);
    assert_int_equal(len, text.len);
    assert_string_equal(out, expected);
}

static const char *signed_target(sandgate_v1_file_url url)
{
    static char text[512];
    size_t len;
    sandgate_v1_file_url_key key;
    assert_int_equal(sandgate_v1_file_url_key_init(BYTES(TOKEN), &key), SANDGATE_OK);
    assert_int_equal(sandgate_v1_file_url_write(&key, "x", 1, &url, text, sizeof text - 1, &len), SANDGATE_OK);
    text[len] = '\0';
    return text + 1;
}

static void protected_route_requires_the_token(void **state)
{
    (void)state;
    sandgate_header twice = header(TOKEN);
    twice.count = 2;
    assert_refused(ask("GET", "/metrics", header(NULL), NOW), SANDGATE_ROUTE_MISSING, PROTECTED);
    assert_refused(ask("GET", "/metrics", header(""), NOW), SANDGATE_ROUTE_MISSING, PROTECTED);
    assert_refused(ask("GET", "/metrics", header("wrong"), NOW), SANDGATE_ROUTE_INVALID, PROTECTED);
    assert_refused(ask("GET", "/metrics", twice, NOW), SANDGATE_ROUTE_MALFORMED, MALFORMED);
    assert_refused(ask("GET", "/%zz", header(NULL), NOW), SANDGATE_ROUTE_MALFORMED, MALFORMED);
    assert_int_equal(ask("GET", "/metrics", header(TOKEN), NOW), SANDGATE_OK);
    assert_int_equal(allowed.basis, SANDGATE_ALLOWED_TOKEN);
    assert_int_equal(allowed.operation, 0);
}

static void exempt_routes_need_no_token(void **state)
{
    (void)state;
    const char *const routes[][2] = {{"GET", "/health"}, {"POST", "/init"}};
    for (size_t at = 0; at < 2; at++) {
        assert_int_equal(ask(routes[at][0], routes[at][1], header(NULL), NOW), SANDGATE_OK);
        assert_int_equal(allowed.basis, SANDGATE_ALLOWED_EXEMPT);
    }
    const char *const others[][2] = {
        {"GET", "/health/"}, {"GET", "/init"}, {"HEAD", "/files"}, {"get", "/health"}, {"GET", "/%68ealth"}};
    for (size_t at = 0; at < 5; at++)
        assert_refused(ask(others[at][0], others[at][1], header(NULL), NOW), SANDGATE_ROUTE_MISSING, PROTECTED);
}

/* A server that routes as the rule does. */
static void path_is_matched_as_received(void **state)
{
    (void)state;
    sandgate_request files = request("GET", "/files?path=/a"), escaped = request("GET", "/%66iles"),
                     slash = request("GET", "/files/");
    assert_true(sandgate_request_path_is(&files, CHARS("/files")));
    assert_false(sandgate_request_path_is(&files, CHARS("/files?path=/a")));
    assert_false(sandgate_request_path_is(&escaped, CHARS("/files")));
    assert_true(sandgate_request_path_is(&escaped, CHARS("/%66iles")));
    assert_false(sandgate_request_path_is(&slash, CHARS("/files")));
}

static void signed_file_route_is_granted(void **state)
{
    (void)state;
    int64_t expires = NOW;
    sandgate_v1_file_url url = file_url("/a b", "u+v");
    url.expires = &expires;
    const char *target = signed_target(url);
    assert_int_equal(ask("GET", target, header(NULL), NOW), SANDGATE_OK);
    assert_int_equal(allowed.basis, SANDGATE_ALLOWED_SIGNATURE);
    assert_int_equal(allowed.operation, SANDGATE_OPERATION_READ);
    assert_true(allowed.has_expires == 1 && allowed.expires == NOW);
    assert_decodes(allowed.path, "/a b");
    assert_decodes(allowed.user, "u+v");

    assert_refused(ask("GET", target, header(NULL), NOW + 1), SANDGATE_FILE_SIGNATURE_EXPIRED, EXPIRED);
    assert_refused(ask("POST", target, header(NULL), NOW), SANDGATE_FILE_SIGNATURE_INVALID, INVALID);
    assert_refused(ask("GET", target, header("wrong"), NOW), SANDGATE_FILE_TOKEN_INVALID, MISMATCH);
    assert_int_equal(ask("GET", target, header(TOKEN), NOW + 1), SANDGATE_OK);
    assert_int_equal(allowed.basis, SANDGATE_ALLOWED_TOKEN);
    assert_decodes(allowed.path, "/a b");
}

static void upload_without_a_path_has_an_empty_path(void **state)
{
    (void)state;
    sandgate_v1_file_url url = file_url("", "");
    url.operation = SANDGATE_OPERATION_WRITE;
    assert_int_equal(ask("POST", signed_target(url), header(NULL), NOW), SANDGATE_OK);
    assert_int_equal(allowed.operation, SANDGATE_OPERATION_WRITE);
    assert_true(allowed.path.len == 0 && allowed.user.len == 0 && allowed.has_user == 0 && allowed.has_expires == 0);
}

static void file_route_refusals_have_their_bodies(void **state)
{
    (void)state;
    sandgate_header twice = header(TOKEN);
    twice.count = 2;
    assert_refused(ask("GET", "/files", header(NULL), NOW), SANDGATE_FILE_SIGNATURE_MISSING, MISSING);
    assert_refused(ask("GET", "/files?signature=", header(NULL), NOW), SANDGATE_FILE_SIGNATURE_INVALID, INVALID);
    assert_refused(ask("GET", "/files", twice, NOW), SANDGATE_FILE_TOKEN_MALFORMED, MALFORMED);
    const char *const malformed[] = {
        "/files?path=a&%70ath=b", "/files?path=%2", "/files?x=%zz", "/files?signature_expiration=1.0"};
    for (size_t at = 0; at < 4; at++) {
        assert_refused(ask("GET", malformed[at], header(NULL), NOW), SANDGATE_FILE_SIGNATURE_MALFORMED, MALFORMED);
        assert_refused(ask("GET", malformed[at], header(TOKEN), NOW), SANDGATE_FILE_SIGNATURE_MALFORMED, MALFORMED);
    }
}

static void open_controller_allows_everything(void **state)
{
    (void)state;
    sandgate_controller kept = controller;
    assert_int_equal(sandgate_controller_init_open(&controller), SANDGATE_OK);
    assert_int_equal(ask("GET", "/%zz", header("wrong"), NOW), SANDGATE_OK);
    assert_int_equal(allowed.basis, SANDGATE_ALLOWED_OPEN);
    assert_int_equal(ask("GET", "/files?path=/a+b&signature=wrong", header(NULL), NOW), SANDGATE_OK);
    assert_int_equal(allowed.basis, SANDGATE_ALLOWED_OPEN);
    assert_decodes(allowed.path, "/a b");
    assert_int_equal(sandgate_controller_add_token(&controller, BYTES(TOKEN)), SANDGATE_OK);
    assert_refused(ask("GET", "/metrics", header(NULL), NOW), SANDGATE_ROUTE_MISSING, PROTECTED);
    controller = kept;
}

static void any_of_several_tokens_is_accepted(void **state)
{
    (void)state;
    sandgate_controller kept = controller;
    char token[] = "token-0";
    for (; token[6] < '7'; token[6]++)
        assert_int_equal(sandgate_controller_add_token(&controller, BYTES(token)), SANDGATE_OK);
    assert_int_equal(sandgate_controller_add_token(&controller, BYTES("a ninth")), SANDGATE_TOO_MANY_TOKENS);
    for (token[6] = '0'; token[6] < '7'; token[6]++)
        assert_int_equal(ask("GET", "/metrics", header(token), NOW), SANDGATE_OK);
    assert_int_equal(ask("GET", "/metrics", header(TOKEN), NOW), SANDGATE_OK);
    assert_refused(ask("GET", "/metrics", header("a ninth"), NOW), SANDGATE_ROUTE_INVALID, PROTECTED);
    controller = kept;
}

static void invalid_tokens_are_misuse(void **state)
{
    (void)state;
    sandgate_controller out;
    SET_UNWRITTEN(out);
    uint8_t longest[257];
    memset(longest, 'a', sizeof longest);
    assert_int_equal(sandgate_controller_init(longest, 257, NULL, &out), SANDGATE_BAD_TOKEN);
    assert_int_equal(sandgate_controller_init(BYTES("\xff"), NULL, &out), SANDGATE_BAD_TOKEN);
    assert_int_equal(sandgate_controller_init(BYTES("sg2a.0.x"), NULL, &out), SANDGATE_TOKEN_SHAPE);
    ASSERT_UNWRITTEN(out);
    assert_int_equal(sandgate_controller_init(longest, 256, NULL, &out), SANDGATE_OK);
}

static int init(void **state)
{
    (void)state;
    return sandgate_controller_init(BYTES(TOKEN), NULL, &controller);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(protected_route_requires_the_token),
        cmocka_unit_test(exempt_routes_need_no_token),
        cmocka_unit_test(path_is_matched_as_received),
        cmocka_unit_test(signed_file_route_is_granted),
        cmocka_unit_test(upload_without_a_path_has_an_empty_path),
        cmocka_unit_test(file_route_refusals_have_their_bodies),
        cmocka_unit_test(open_controller_allows_everything),
        cmocka_unit_test(any_of_several_tokens_is_accepted),
        cmocka_unit_test(invalid_tokens_are_misuse),
    };
    return cmocka_run_group_tests(tests, init, NULL);
}
