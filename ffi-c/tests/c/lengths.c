/* Every input of v1 and of the gates that has a length. */

#include "lengths.h"

static sandgate_v1_keyring keyring;
static sandgate_v1_file_url_key key;
static sandgate_controller controller;
static sandgate_edge edge;

#define CONTROLLER_INIT(token, len, out) sandgate_controller_init(token, len, NULL, out)
INIT(controller_init, sandgate_controller, CONTROLLER_INIT)
INIT(keyring_init, sandgate_v1_keyring, sandgate_v1_keyring_init)
INIT(key_init, sandgate_v1_file_url_key, sandgate_v1_file_url_key_init)

static sandgate_result fingerprint(const void *token, size_t len)
{
    char out[9];
    SET_UNWRITTEN(out);
    ANSWER(sandgate_fingerprint(token, len, out), out);
}

static sandgate_result add_token(const void *token, size_t len)
{
    sandgate_controller before = controller;
    sandgate_result result = sandgate_controller_add_token(&controller, token, len);
    if (result != SANDGATE_OK)
        assert_same_storage(&before, &controller, sizeof before);
    controller = before;
    return result;
}

/* In a waiting controller. */
static sandgate_result initialize(const void *body, size_t len, const void *hash, size_t hash_len)
{
    sandgate_controller waiting;
    sandgate_initialized out;
    SET_UNWRITTEN(out);
    assert_int_equal(sandgate_controller_init_waiting(NULL, &waiting), SANDGATE_OK);
    sandgate_result result = sandgate_controller_initialize(&waiting, body, len, hash, hash_len, &out);
    assert_int_equal(sandgate_controller_is_waiting(&waiting), result != SANDGATE_OK);
    ANSWER(result, out);
}

static sandgate_result init_body(const void *body, size_t len)
{
    return initialize(body, len, BYTES("x"));
}

static sandgate_result expected_hash(const void *hash, size_t len)
{
    return initialize(BYTES("{}"), hash, len);
}

static sandgate_result add_seed(const void *seed, size_t len)
{
    sandgate_v1_keyring before = keyring;
    sandgate_result result = sandgate_v1_keyring_add(&keyring, seed, len);
    if (result != SANDGATE_OK)
        assert_same_storage(&before, &keyring, sizeof before);
    keyring = before;
    return result;
}

static sandgate_result controller_check(const sandgate_request *asked)
{
    sandgate_allowed out;
    SET_UNWRITTEN(out);
    sandgate_allowed before = out;
    before.struct_size = out.struct_size = sizeof out;
    sandgate_result result = sandgate_controller_check(&controller, asked, NOW, &out);
    if (result != SANDGATE_OK)
        assert_memory_equal(&before, &out, sizeof out);
    return result;
}

static sandgate_result method(const void *method, size_t len)
{
    sandgate_request asked = request("GET", "/metrics");
    asked.access_token = header(TOKEN);
    asked.method = method;
    asked.method_len = len;
    return controller_check(&asked);
}

static sandgate_result target(const void *target, size_t len)
{
    sandgate_request asked = request("GET", "/metrics");
    asked.access_token = header(TOKEN);
    asked.target = target;
    asked.target_len = len;
    return controller_check(&asked);
}

static sandgate_result access_header(const void *value, size_t len)
{
    sandgate_request asked = request("GET", "/metrics");
    asked.access_token = (sandgate_header){value, len, 1};
    return controller_check(&asked);
}

static sandgate_result edge_check(const sandgate_sandbox_state *state, sandgate_header header)
{
    sandgate_request asked = request("GET", "/");
    asked.traffic_token = header;
    sandgate_route to = route(ID, 8080);
    sandgate_passed out = {.struct_size = sizeof out, .basis = 7};
    sandgate_result result = sandgate_edge_check(&edge, &to, state, &asked, NOW, &out);
    assert_int_equal(out.basis, result == SANDGATE_OK ? SANDGATE_PASSED_TOKEN : 7);
    return result;
}

static sandgate_result traffic_header(const void *value, size_t len)
{
    sandgate_sandbox_state state = {.struct_size = sizeof state, .restricted = 1};
    return edge_check(&state, (sandgate_header){value, len, 1});
}

static sandgate_result stored_token(const void *token, size_t len)
{
    sandgate_sandbox_state state = {sizeof state, 1, token, len, 0};
    return edge_check(&state, header("right"));
}

static sandgate_result screened_target(const void *target, size_t len)
{
    sandgate_request asked = request("GET", "/");
    asked.target = target;
    asked.target_len = len;
    sandgate_route to = route(ID, 49983);
    return sandgate_edge_screen(&edge, &to, &asked);
}

static sandgate_result controller_guard(const sandgate_head *asked)
{
    sandgate_allowed out = {.struct_size = sizeof out, .basis = 7};
    sandgate_result result = sandgate_controller_guard(&controller, asked, NOW, &out);
    assert_int_equal(out.basis, result == SANDGATE_OK ? SANDGATE_ALLOWED_TOKEN : 7);
    return result;
}

static const uint8_t access_token_name[] = "X-Access-Token";

static sandgate_result head_method(const void *method, size_t len)
{
    sandgate_header_line line = {access_token_name, sizeof access_token_name - 1, BYTES(TOKEN)};
    sandgate_head asked = head("GET", "/metrics", &line, 1);
    asked.method = method;
    asked.method_len = len;
    return controller_guard(&asked);
}

static sandgate_result head_target(const void *target, size_t len)
{
    sandgate_header_line line = {access_token_name, sizeof access_token_name - 1, BYTES(TOKEN)};
    sandgate_head asked = head("GET", "/metrics", &line, 1);
    asked.target = target;
    asked.target_len = len;
    return controller_guard(&asked);
}

static sandgate_result head_context(const void *context, size_t len)
{
    sandgate_header_line line = {access_token_name, sizeof access_token_name - 1, BYTES(TOKEN)};
    sandgate_head asked = head("GET", "/metrics", &line, 1);
    asked.context = context;
    asked.context_len = len;
    return controller_guard(&asked);
}

static sandgate_result forwarded(const void *name, size_t name_len, const void *value, size_t value_len)
{
    struct {
        char text[256];
        size_t len;
        uint32_t stays;
    } out;
    SET_UNWRITTEN(out);
    ANSWER(sandgate_forward_header(name, name_len, value, value_len, OUT, &out.stays), out);
}

static sandgate_result forwarded_name(const void *name, size_t len)
{
    return forwarded(name, len, BYTES("x"));
}

static sandgate_result forwarded_value(const void *value, size_t len)
{
    return forwarded(BYTES("x"), value, len);
}

static sandgate_result envd_version(const void *version, size_t len)
{
    sandgate_creation_options asked = {.struct_size = sizeof asked, .envd_version = version, .envd_version_len = len};
    sandgate_credentials out = {sizeof out, 7, 7};
    sandgate_result result = sandgate_creation_decide(&asked, &out);
    assert_true(result == SANDGATE_OK || (out.access_token == 7 && out.traffic_token == 7));
    return result;
}

#define EDGE_JSON sandgate_edge_refusal_json
TEXT_WRITER(forwarded_target, sandgate_forward_target(input, len, OUT))
TEXT_WRITER(unknown_id, sandgate_unknown_sandbox_json(input, len, OUT))
TEXT_WRITER(json_sandbox_id, EDGE_JSON(SANDGATE_TRAFFIC_MISSING, input, len, BYTES("/init"), OUT))
TEXT_WRITER(json_path, EDGE_JSON(SANDGATE_INTERNAL_ROUTE_OUT_OF_SCOPE, CHARS(ID), input, len, OUT))
TEXT_WRITER(access_token_id, sandgate_v1_keyring_access_token(&keyring, input, len, OUT))
TEXT_WRITER(traffic_token_id, sandgate_v1_keyring_traffic_token(&keyring, input, len, OUT))
#define WITH_URL(write) ((url = file_url("/a", "user")), (write))
static sandgate_v1_file_url url;
TEXT_WRITER(base, WITH_URL(sandgate_v1_file_url_write(&key, input, len, &url, OUT)))
TEXT_WRITER(sign_path, WITH_URL((url.path = input, url.path_len = len, sandgate_v1_file_url_sign(&key, &url, OUT))))
TEXT_WRITER(sign_user, WITH_URL((url.user = input, url.user_len = len, sandgate_v1_file_url_sign(&key, &url, OUT))))
#define WRITE sandgate_v1_file_url_write(&key, CHARS("https://a"), &url, OUT)
TEXT_WRITER(write_path, WITH_URL((url.path = input, url.path_len = len, WRITE)))
TEXT_WRITER(write_user, WITH_URL((url.user = input, url.user_len = len, WRITE)))

static sandgate_result decode_raw(const void *raw, size_t len)
{
    uint8_t bytes[256];
    size_t bytes_len;
    SET_UNWRITTEN(bytes_len);
    sandgate_text text = {raw, len, 0};
    ANSWER(sandgate_text_decode(&text, bytes, sizeof bytes, &bytes_len), bytes_len);
}

static sandgate_result signature(const void *signature, size_t len)
{
    sandgate_v1_file_url url = file_url("/a", "user");
    return sandgate_v1_file_url_verify(&key, &url, signature, len, NOW);
}

static sandgate_result query(const void *query, size_t len)
{
    sandgate_allowed out = {.struct_size = sizeof out, .basis = 7};
    sandgate_result result = sandgate_v1_file_url_verify_query(&key, SANDGATE_OPERATION_READ, query, len, NOW, &out);
    assert_int_equal(out.basis, 7);
    return result;
}

static sandgate_result verify_access_id(const void *id, size_t len)
{
    return sandgate_v1_keyring_verify_access_token(&keyring, id, len, BYTES(TOKEN));
}

static sandgate_result verify_access(const void *presented, size_t len)
{
    return sandgate_v1_keyring_verify_access_token(&keyring, CHARS(ID), presented, len);
}

static sandgate_result verify_traffic_id(const void *id, size_t len)
{
    return sandgate_v1_keyring_verify_traffic_token(&keyring, id, len, BYTES(TOKEN));
}

static sandgate_result verify_traffic(const void *presented, size_t len)
{
    return sandgate_v1_keyring_verify_traffic_token(&keyring, CHARS(ID), presented, len);
}

static sandgate_result check_id(const void *id, size_t len)
{
    return sandgate_check_sandbox_id(id, len);
}

TEXT_WRITER(shorten_id, sandgate_sandbox_id_shorten(input, len, OUT))

static sandgate_result parse(sandgate_header host, sandgate_header id, sandgate_header port)
{
    sandgate_route out = {.struct_size = sizeof out, .port = 7};
    sandgate_result result = sandgate_route_parse(&host, &id, &port, &out);
    assert_true(result == SANDGATE_OK || out.port == 7);
    return result;
}

static sandgate_result host(const void *value, size_t len)
{
    return parse((sandgate_header){value, len, 1}, header(ID), header("80"));
}

static sandgate_result host_id(const void *value, size_t len)
{
    return parse(header("localhost"), (sandgate_header){value, len, 1}, header("80"));
}

static sandgate_result host_port(const void *value, size_t len)
{
    return parse(header("localhost"), header(ID), (sandgate_header){value, len, 1});
}

static const struct input inputs[] = {
    {"fingerprint's token", fingerprint, SANDGATE_OK, SANDGATE_OK},
    {"controller_init's token", controller_init, SANDGATE_BAD_TOKEN, SANDGATE_BAD_TOKEN},
    {"controller_add_token's token", add_token, SANDGATE_BAD_TOKEN, SANDGATE_BAD_TOKEN},
    {"initialize's body", init_body, SANDGATE_INIT_MALFORMED, SANDGATE_INIT_MALFORMED},
    {"initialize's expected hash", expected_hash, SANDGATE_OK, SANDGATE_OK},
    {"sandbox_id_shorten's sandbox id", shorten_id, SANDGATE_LONG_SANDBOX_ID, SANDGATE_LONG_SANDBOX_ID},
    {"file_url_key_init's token", key_init, SANDGATE_BAD_TOKEN, SANDGATE_BAD_TOKEN},
    {"keyring_init's seed", keyring_init, SANDGATE_WEAK_SEED, SANDGATE_WEAK_SEED},
    {"keyring_add's seed", add_seed, SANDGATE_WEAK_SEED, SANDGATE_WEAK_SEED},
    {"the method", method, SANDGATE_OK, SANDGATE_OK},
    {"the target", target, SANDGATE_OK, SANDGATE_OK},
    {"the target, screened", screened_target, SANDGATE_INTERNAL_ROUTE_MALFORMED, SANDGATE_INTERNAL_ROUTE_MALFORMED},
    {"the access token header", access_header, SANDGATE_ROUTE_MISSING, SANDGATE_ROUTE_MISSING},
    {"the traffic token header", traffic_header, SANDGATE_TRAFFIC_MISSING, SANDGATE_TRAFFIC_MISSING},
    {"a stored traffic token", stored_token, SANDGATE_TRAFFIC_INVALID, SANDGATE_BAD_TOKEN},
    {"the method of a head", head_method, SANDGATE_OK, SANDGATE_OK},
    {"the target of a head", head_target, SANDGATE_OK, SANDGATE_OK},
    {"the context of a head", head_context, SANDGATE_OK, SANDGATE_BAD_CONTEXT},
    {"a forwarded header's name", forwarded_name, SANDGATE_OK, SANDGATE_OK},
    {"a forwarded header's value", forwarded_value, SANDGATE_OK, SANDGATE_OK},
    {"a forwarded target", forwarded_target, SANDGATE_OK, SANDGATE_OK},
    {"an unknown sandbox's id", unknown_id, SANDGATE_BAD_SANDBOX_ID, SANDGATE_BAD_SANDBOX_ID},
    {"the version at creation", envd_version, SANDGATE_CREATION_TEMPLATE_VERSION_UNKNOWN,
     SANDGATE_CREATION_TEMPLATE_VERSION_UNKNOWN},
    {"edge_refusal_json's sandbox id", json_sandbox_id, SANDGATE_OK, SANDGATE_BAD_SANDBOX_ID},
    {"edge_refusal_json's path", json_path, SANDGATE_OK, SANDGATE_OK},
    {"access_token's sandbox id", access_token_id, SANDGATE_BAD_SANDBOX_ID, SANDGATE_BAD_SANDBOX_ID},
    {"traffic_token's sandbox id", traffic_token_id, SANDGATE_BAD_SANDBOX_ID, SANDGATE_BAD_SANDBOX_ID},
    {"verify_access_token's sandbox id", verify_access_id, SANDGATE_BAD_SANDBOX_ID, SANDGATE_BAD_SANDBOX_ID},
    {"verify_traffic_token's sandbox id", verify_traffic_id, SANDGATE_BAD_SANDBOX_ID, SANDGATE_BAD_SANDBOX_ID},
    {"a presented access token", verify_access, SANDGATE_ROUTE_MISSING, SANDGATE_ROUTE_MISSING},
    {"a presented traffic token", verify_traffic, SANDGATE_TRAFFIC_MISSING, SANDGATE_TRAFFIC_MISSING},
    {"check_sandbox_id's sandbox id", check_id, SANDGATE_BAD_SANDBOX_ID, SANDGATE_BAD_SANDBOX_ID},
    {"the base URL", base, SANDGATE_BAD_BASE_URL, SANDGATE_BAD_BASE_URL},
    {"the path to sign", sign_path, SANDGATE_OK, SANDGATE_OK},
    {"the user to sign", sign_user, SANDGATE_OK, SANDGATE_OK},
    {"the path to write", write_path, SANDGATE_OK, SANDGATE_OK},
    {"the user to write", write_user, SANDGATE_OK, SANDGATE_OK},
    {"the signature", signature, SANDGATE_FILE_SIGNATURE_INVALID, SANDGATE_FILE_SIGNATURE_INVALID},
    {"the query", query, SANDGATE_FILE_SIGNATURE_MISSING, SANDGATE_FILE_SIGNATURE_MISSING},
    {"the host", host, SANDGATE_HOST_MISSING, SANDGATE_HOST_MISSING},
    {"the routing header of the id", host_id, SANDGATE_HOST_MISSING, SANDGATE_HOST_MISSING},
    {"the routing header of the port", host_port, SANDGATE_HOST_MISSING, SANDGATE_HOST_MISSING},
    {"a text's bytes", decode_raw, SANDGATE_OK, SANDGATE_OK},
};
enum { INPUTS = sizeof inputs / sizeof *inputs };

static int init(void **state)
{
    (void)state;
    return sandgate_v1_keyring_init(BYTES(SEED), &keyring) || sandgate_v1_file_url_key_init(BYTES(TOKEN), &key) ||
           sandgate_controller_init(BYTES(TOKEN), NULL, &controller) || sandgate_edge_init(NULL, &edge);
}

int main(void)
{
    return test_inputs(inputs, INPUTS, init);
}
