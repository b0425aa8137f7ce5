/* Every input of v2 that has a length, and those that v2 added to the gates. */

#include "lengths.h"

static struct v2 all;
static sandgate_edge edge;
static sandgate_controller controller;
static sandgate_v2_file_url url;

#define KEYRING_INIT(seed, len, out) sandgate_v2_keyring_init('a', seed, len, out)
INIT(keyring_init, sandgate_v2_keyring, KEYRING_INIT)
INIT(traffic_keyring_init, sandgate_v2_traffic_keyring, sandgate_v2_traffic_keyring_init)
INIT(key_init, sandgate_v2_file_url_key, sandgate_v2_file_url_key_init)
INIT(traffic_key_init, sandgate_v2_traffic_key, sandgate_v2_traffic_key_init)

static sandgate_result add_seed(const void *seed, size_t len)
{
    const sandgate_v2_keyring before = all.keyring;
    sandgate_result result = sandgate_v2_keyring_add(&all.keyring, 'b', seed, len);
    if (result != SANDGATE_OK)
        assert_same_storage(&before, &all.keyring, sizeof before);
    all.keyring = before;
    return result;
}

static sandgate_result add_root(const void *root, size_t len)
{
    const sandgate_v2_traffic_keyring before = all.traffic;
    sandgate_result result = sandgate_v2_traffic_keyring_add(&all.traffic, root, len);
    if (result != SANDGATE_OK)
        assert_same_storage(&before, &all.traffic, sizeof before);
    all.traffic = before;
    return result;
}

#define URL(set) ((url = v2_url("/a")), set)
#define SIGN sandgate_v2_file_url_sign(&all.key, &url, OUT)
#define WRITE sandgate_v2_file_url_write(&all.key, CHARS("https://a"), &url, OUT)
TEXT_WRITER(root_seed, sandgate_v2_traffic_root('a', input, len, OUT))
TEXT_WRITER(access_id, sandgate_v2_keyring_access_token(&all.keyring, input, len, 0, OUT))
TEXT_WRITER(traffic_id, sandgate_v2_keyring_traffic_token(&all.keyring, input, len, 0, OUT))
TEXT_WRITER(edge_id, sandgate_v2_traffic_keyring_traffic_token(&all.traffic, input, len, 0, OUT))
TEXT_WRITER(base, URL(sandgate_v2_file_url_write(&all.key, input, len, &url, OUT)))
TEXT_WRITER(sign_path, URL((url.path = input, url.path_len = len, SIGN)))
TEXT_WRITER(sign_user, URL((url.user = input, url.user_len = len, SIGN)))
TEXT_WRITER(sign_directory, URL((url.directory = input, url.directory_len = len, SIGN)))
TEXT_WRITER(sign_context, URL((url.context = input, url.context_len = len, SIGN)))
TEXT_WRITER(write_path, URL((url.path = input, url.path_len = len, WRITE)))
TEXT_WRITER(write_user, URL((url.user = input, url.user_len = len, WRITE)))
TEXT_WRITER(write_directory, URL((url.directory = input, url.directory_len = len, WRITE)))
TEXT_WRITER(write_context, URL((url.context = input, url.context_len = len, WRITE)))
TEXT_WRITER(pass_context, sandgate_v2_pass_issue(&all.traffic_key, 80, NOW, input, len, OUT))
TEXT_WRITER(host_id, sandgate_v2_signed_host_issue(&all.traffic_key, input, len, 80, NOW, OUT))
TEXT_WRITER(forward_query, sandgate_forward_query(input, len, OUT))
TEXT_WRITER(forward_cookie, sandgate_forward_cookie(input, len, OUT))

static sandgate_result verify_access_id(const void *id, size_t len)
{
    return sandgate_v2_keyring_verify_access_token(&all.keyring, id, len, 0, BYTES(all.access_token));
}

static sandgate_result verify_access(const void *presented, size_t len)
{
    return sandgate_v2_keyring_verify_access_token(&all.keyring, CHARS(ID), 0, presented, len);
}

static sandgate_result verify_traffic_id(const void *id, size_t len)
{
    return sandgate_v2_keyring_verify_traffic_token(&all.keyring, id, len, 0, BYTES(all.traffic_token));
}

static sandgate_result verify_traffic(const void *presented, size_t len)
{
    return sandgate_v2_keyring_verify_traffic_token(&all.keyring, CHARS(ID), 0, presented, len);
}

static sandgate_result verify_edge_id(const void *id, size_t len)
{
    return sandgate_v2_traffic_keyring_verify_traffic_token(&all.traffic, id, len, 0, BYTES(all.traffic_token));
}

static sandgate_result verify_edge(const void *presented, size_t len)
{
    return sandgate_v2_traffic_keyring_verify_traffic_token(&all.traffic, CHARS(ID), 0, presented, len);
}

static sandgate_result signature(const void *signature, size_t len)
{
    url = v2_url("/a");
    return sandgate_v2_file_url_verify(&all.key, &url, signature, len, NOW);
}

static sandgate_result verify_query(const void *query, size_t query_len, const void *context, size_t context_len)
{
    sandgate_allowed out = {.struct_size = sizeof out, .basis = 7};
    sandgate_result result = sandgate_v2_file_url_verify_query(&all.key, SANDGATE_OPERATION_READ, query, query_len,
                                                               context, context_len, NOW, &out);
    assert_int_equal(out.basis, 7);
    return result;
}

static sandgate_result query(const void *query, size_t len)
{
    return verify_query(query, len, NULL, 0);
}

static sandgate_result query_context(const void *context, size_t len)
{
    return verify_query(BYTES("a=b"), context, len);
}

static sandgate_result verify_pass(const void *pass, size_t pass_len, const void *context, size_t context_len)
{
    int64_t end;
    SET_UNWRITTEN(end);
    ANSWER(sandgate_v2_pass_verify(&all.traffic_key, pass, pass_len, 80, context, context_len, NOW, &end), end);
}

static sandgate_result pass(const void *pass, size_t len)
{
    return verify_pass(pass, len, NULL, 0);
}

static sandgate_result verify_pass_context(const void *context, size_t len)
{
    return verify_pass(BYTES("x"), context, len);
}

static sandgate_result verify_host(const void *label, size_t label_len, const char *id, size_t id_len)
{
    int64_t end;
    SET_UNWRITTEN(end);
    ANSWER(sandgate_v2_signed_host_verify(&all.traffic_key, label, label_len, id, id_len, 80, NOW, &end), end);
}

static sandgate_result label(const void *label, size_t len)
{
    return verify_host(label, len, CHARS(ID));
}

static sandgate_result label_id(const void *id, size_t len)
{
    return verify_host(BYTES("x"), id, len);
}

static sandgate_result check_edge(const sandgate_request *asked)
{
    sandgate_route to = route(ID, 8080);
    sandgate_sandbox_state known = {.struct_size = sizeof known, .restricted = 1};
    sandgate_passed out = {.struct_size = sizeof out, .basis = 7};
    uint32_t carrier = 7;
    sandgate_result result = sandgate_edge_check(&edge, &to, &known, asked, NOW, &out);
    assert_int_equal(out.basis, result == SANDGATE_OK ? SANDGATE_PASSED_TOKEN : 7);
    assert_int_equal(sandgate_edge_carrier(&edge, &to, &known, asked, &carrier), result);
    assert_int_equal(carrier, result == SANDGATE_OK ? SANDGATE_CARRIER_HEADER : 7);
    assert_int_equal(sandgate_edge_screen(&edge, &to, asked), result);
    return result;
}

static sandgate_request edge_request(void)
{
    sandgate_request asked = request("GET", "/");
    asked.traffic_token = header(all.traffic_token);
    return asked;
}

static sandgate_result cookie(const void *line, size_t len)
{
    const sandgate_bytes lines[] = {{BYTES("a=b")}, {line, len}, {BYTES("c=d")}};
    sandgate_request asked = edge_request();
    asked.cookies = lines;
    asked.cookie_count = 3;
    return check_edge(&asked);
}

/* Not bytes but lines, so that the other tests are not for it. */
static void every_count_of_cookies(void **state)
{
    (void)state;
    sandgate_request asked = edge_request();
    assert_int_equal(check_edge(&asked), SANDGATE_OK);
    for (size_t count = 1; count != 0; count <<= 1) {
        asked.cookie_count = count;
        assert_int_equal(check_edge(&asked), SANDGATE_NULL_POINTER);
    }
    sandgate_bytes *lines = malloc(3 * sizeof *lines);
    assert_non_null(lines);
    for (size_t at = 0; at < 3; at++)
        lines[at] = (sandgate_bytes){BYTES("a=b")};
    asked.cookies = lines;
    for (asked.cookie_count = 0; asked.cookie_count <= 3; asked.cookie_count++)
        assert_int_equal(check_edge(&asked), SANDGATE_OK);
    asked.cookie_count = SIZE_MAX;
    assert_int_equal(check_edge(&asked), SANDGATE_NULL_POINTER);
    free(lines);
}

static sandgate_result edge_context(const void *context, size_t len)
{
    sandgate_request asked = edge_request();
    asked.context = context;
    asked.context_len = len;
    return check_edge(&asked);
}

static sandgate_result controller_context(const void *context, size_t len)
{
    sandgate_request asked = request("GET", "/metrics");
    asked.access_token = header(all.access_token);
    asked.context = context;
    asked.context_len = len;
    sandgate_allowed out = {.struct_size = sizeof out, .basis = 7};
    sandgate_result result = sandgate_controller_check(&controller, &asked, NOW, &out);
    assert_int_equal(out.basis, result == SANDGATE_OK ? SANDGATE_ALLOWED_TOKEN : 7);
    return result;
}

#define BOTH(result) SANDGATE_##result, SANDGATE_##result
static const struct input inputs[] = {
    {"keyring_init's seed", keyring_init, BOTH(WEAK_SEED)},
    {"keyring_add's seed", add_seed, BOTH(WEAK_SEED)},
    {"traffic_root's seed", root_seed, BOTH(WEAK_SEED)},
    {"traffic_keyring_init's root", traffic_keyring_init, BOTH(BAD_TOKEN)},
    {"traffic_keyring_add's root", add_root, BOTH(BAD_TOKEN)},
    {"file_url_key_init's token", key_init, BOTH(BAD_TOKEN)},
    {"traffic_key_init's token", traffic_key_init, BOTH(BAD_TOKEN)},
    {"access_token's sandbox id", access_id, BOTH(BAD_SANDBOX_ID)},
    {"traffic_token's sandbox id", traffic_id, BOTH(BAD_SANDBOX_ID)},
    {"traffic_token's sandbox id, of roots", edge_id, BOTH(BAD_SANDBOX_ID)},
    {"verify_access_token's sandbox id", verify_access_id, BOTH(BAD_SANDBOX_ID)},
    {"verify_traffic_token's sandbox id", verify_traffic_id, BOTH(BAD_SANDBOX_ID)},
    {"verify_traffic_token's sandbox id, of roots", verify_edge_id, BOTH(BAD_SANDBOX_ID)},
    {"a presented access token", verify_access, BOTH(ROUTE_MISSING)},
    {"a presented traffic token", verify_traffic, BOTH(TRAFFIC_MISSING)},
    {"a presented traffic token, of roots", verify_edge, BOTH(TRAFFIC_MISSING)},
    {"the base URL", base, BOTH(BAD_BASE_URL)},
    {"the path to sign", sign_path, BOTH(BAD_PATH)},
    {"the user to sign", sign_user, BOTH(OK)},
    {"the directory to sign", sign_directory, SANDGATE_OK, SANDGATE_BAD_DIRECTORY},
    {"the context to sign", sign_context, SANDGATE_OK, SANDGATE_BAD_CONTEXT},
    {"the path to write", write_path, BOTH(BAD_PATH)},
    {"the user to write", write_user, BOTH(OK)},
    {"the directory to write", write_directory, SANDGATE_OK, SANDGATE_BAD_DIRECTORY},
    {"the context to write", write_context, SANDGATE_OK, SANDGATE_BAD_CONTEXT},
    {"the signature", signature, BOTH(FILE_SIGNATURE_MALFORMED)},
    {"the query", query, BOTH(FILE_SIGNATURE_MISSING)},
    {"the query's context", query_context, SANDGATE_FILE_SIGNATURE_MISSING, SANDGATE_BAD_CONTEXT},
    {"the context of a pass", pass_context, SANDGATE_OK, SANDGATE_BAD_CONTEXT},
    {"the context of a presented pass", verify_pass_context, SANDGATE_TRAFFIC_MALFORMED, SANDGATE_BAD_CONTEXT},
    {"a presented pass", pass, BOTH(TRAFFIC_MISSING)},
    {"signed_host_issue's sandbox id", host_id, BOTH(BAD_SANDBOX_ID)},
    {"signed_host_verify's sandbox id", label_id, BOTH(BAD_SANDBOX_ID)},
    {"a presented label", label, BOTH(TRAFFIC_MISSING)},
    {"the query to forward", forward_query, BOTH(OK)},
    {"the cookies to forward", forward_cookie, BOTH(OK)},
    {"a cookie line", cookie, SANDGATE_NULL_POINTER, SANDGATE_OK},
    {"the edge's context", edge_context, SANDGATE_OK, SANDGATE_BAD_CONTEXT},
    {"the controller's context", controller_context, SANDGATE_OK, SANDGATE_BAD_CONTEXT},
};
enum { INPUTS = sizeof inputs / sizeof *inputs };

static int init(void **state)
{
    (void)state;
    v2_init(&all, 'a', SEED_V2, 0);
    return sandgate_edge_init(NULL, &edge) || sandgate_edge_set_v2_keyring(&edge, &all.traffic) ||
           sandgate_controller_init(BYTES(all.access_token), NULL, &controller);
}

int main(void)
{
    const struct CMUnitTest cookies[] = {cmocka_unit_test(every_count_of_cookies)};
    return test_inputs(inputs, INPUTS, init) + cmocka_run_group_tests(cookies, init, NULL);
}
