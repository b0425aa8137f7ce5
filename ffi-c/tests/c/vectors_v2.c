/* Every array of vectors/v2.json, the answers of an independent implementation, through C. */

#include "v2.h"
#include "vectors.h"

#include <stdlib.h>

struct text {
    const char *at;
    size_t len;
};

#define IS_OK(call) CHECK((call) == SANDGATE_OK)
/* A text as bytes and their length. */
#define GIVEN(text) (text).at, (text).len

static struct text of_json(const json_t *value)
{
    return (struct text){json_string_value(value), json_string_length(value)};
}

/* A NULL pointer for null. */
static struct text text(const char *name)
{
    return of_json(json_object_get(current, name));
}

static int64_t number(const char *name)
{
    CHECK(json_is_integer(json_object_get(current, name)));
    return json_integer_value(json_object_get(current, name));
}

static bool is_same(struct text a, struct text b)
{
    return a.len == b.len && memcmp(a.at ? a.at : "", b.at ? b.at : "", a.len) == 0;
}

static bool is(struct text text, const char *expected)
{
    return text.at != NULL && is_same(text, (struct text){expected, strlen(expected)});
}

static uint8_t *of_hex(struct text hex, size_t *len)
{
    *len = hex.len / 2;
    uint8_t *bytes = malloc(*len + 1);
    CHECK(bytes != NULL && hex.at != NULL && hex.len % 2 == 0);
    for (size_t at = 0; at < *len; at++) {
        unsigned byte;
        CHECK(sscanf(hex.at + 2 * at, "%2x", &byte) == 1);
        bytes[at] = (uint8_t)byte;
    }
    return bytes;
}

static const char *outcome(sandgate_result result)
{
    const char *code = sandgate_result_code(result);
    return result == SANDGATE_OK ? "ok" : code ? code : sandgate_result_message(result);
}

static void derive(void)
{
    struct text id = text("sandbox_id"), kid = text("kid");
    struct text access = text("access_token"), traffic = text("traffic_token"), root = text("traffic_root");
    uint32_t generation = (uint32_t)number("generation");
    size_t seed_len;
    uint8_t *seed = of_hex(text("seed_hex"), &seed_len);
    sandgate_v2_keyring ring;
    sandgate_v2_traffic_keyring edge, of_ring;
    char out[SANDGATE_V2_TOKEN_LEN];
    struct text made = {out, 0};
#define MADE out, sizeof out, &made.len

    IS_OK(sandgate_v2_keyring_init(*kid.at, seed, seed_len, &ring));
    IS_OK(sandgate_v2_keyring_access_token(&ring, id.at, id.len, generation, MADE));
    CHECK(is_same(made, access));
    IS_OK(sandgate_v2_keyring_traffic_token(&ring, id.at, id.len, generation, MADE));
    CHECK(is_same(made, traffic));
    IS_OK(sandgate_v2_traffic_root(*kid.at, seed, seed_len, MADE));
    CHECK(is_same(made, root));
    free(seed);

    IS_OK(sandgate_v2_keyring_verify_access_token(&ring, id.at, id.len, generation, GIVEN(access)));
    IS_OK(sandgate_v2_keyring_verify_traffic_token(&ring, id.at, id.len, generation, GIVEN(traffic)));
    CHECK(sandgate_v2_keyring_verify_access_token(&ring, id.at, id.len, generation + 1, GIVEN(access)) ==
          SANDGATE_ROUTE_INVALID);
    CHECK(sandgate_v2_keyring_verify_traffic_token(&ring, id.at, id.len, generation + 1, GIVEN(traffic)) ==
          SANDGATE_TRAFFIC_INVALID);
    CHECK(sandgate_v2_keyring_verify_access_token(&ring, id.at, id.len, generation, GIVEN(traffic)) ==
          SANDGATE_ROUTE_MALFORMED);

    IS_OK(sandgate_v2_traffic_keyring_init(GIVEN(root), &edge));
    IS_OK(sandgate_v2_keyring_traffic(&ring, &of_ring));
    const sandgate_v2_traffic_keyring *const same[] = {&edge, &of_ring};
    for (int at = 0; at < 2; at++) {
        IS_OK(sandgate_v2_traffic_keyring_traffic_token(same[at], id.at, id.len, generation, MADE));
        CHECK(is_same(made, traffic));
        IS_OK(sandgate_v2_traffic_keyring_verify_traffic_token(same[at], id.at, id.len, generation, GIVEN(traffic)));
        CHECK(sandgate_v2_traffic_keyring_verify_traffic_token(same[at], id.at, id.len, generation + 1,
                                                               GIVEN(traffic)) == SANDGATE_TRAFFIC_INVALID);
    }
}

static void check_text(const sandgate_text *said, uint32_t is_there, const json_t *hex)
{
    static uint8_t bytes[1 << 14];
    size_t len, expected_len;
    CHECK(is_there == json_is_string(hex));
    IS_OK(sandgate_text_decode(said, bytes, sizeof bytes, &len));
    CHECK(len == said->len && (is_there || len == 0));
    if (!is_there)
        return;
    uint8_t *expected = of_hex(of_json(hex), &expected_len);
    CHECK(len == expected_len && memcmp(bytes, expected, len) == 0);
    free(expected);
}

static void check_granted(const sandgate_allowed *allowed, uint32_t operation)
{
    const json_t *granted = json_object_get(current, "granted"), *max = json_object_get(granted, "max_bytes");
    struct text sha256 = of_json(json_object_get(granted, "content_sha256"));
    CHECK(allowed->basis == SANDGATE_ALLOWED_SIGNATURE && allowed->operation == operation);
    check_text(&allowed->path, 1, json_object_get(granted, "path_hex"));
    check_text(&allowed->user, allowed->has_user, json_object_get(granted, "user_hex"));
    check_text(&allowed->directory, allowed->has_directory, json_object_get(granted, "directory_hex"));
    CHECK(allowed->has_expires && allowed->expires == json_integer_value(json_object_get(granted, "expires")));
    CHECK(allowed->has_max_bytes == json_is_integer(max));
    CHECK(allowed->max_bytes == (uint64_t)json_integer_value(max));
    CHECK(allowed->has_content_sha256 == (sha256.at != NULL));
    if (sha256.at == NULL)
        return;
    size_t len;
    uint8_t *expected = of_hex(sha256, &len);
    CHECK(len == 32 && memcmp(expected, allowed->content_sha256, 32) == 0);
    free(expected);
}

static void file_urls(void)
{
    static char target[1 << 15];
    const json_t *tokens = json_object_get(current, "access_tokens");
    struct text first = of_json(json_array_get(tokens, 0)), query = text("query"), context = text("context");
    sandgate_policy policy = policy_of(SANDGATE_POLICY_V2_ALONE);
    policy.leeway = (uint32_t)number("leeway");
    sandgate_controller rule;
    IS_OK(sandgate_controller_init(GIVEN(first), &policy, &rule));
    for (size_t at = 1; at < json_array_size(tokens); at++)
        IS_OK(sandgate_controller_add_token(&rule, GIVEN(of_json(json_array_get(tokens, at)))));

    const uint32_t operation = is(text("operation"), "read") ? SANDGATE_OPERATION_READ : SANDGATE_OPERATION_WRITE;
    const char *const methods[][2] = {{"GET", "HEAD"}, {"POST", "PUT"}};
    CHECK((size_t)snprintf(target, sizeof target, "/files?%s", query.at) == query.len + 7);
    for (int at = 0; at < 2; at++) {
        sandgate_request asked = request(methods[operation - 1][at], target);
        asked.context = context.at;
        asked.context_len = context.len;
        sandgate_allowed allowed = {.struct_size = sizeof allowed};
        sandgate_result result = sandgate_controller_check(&rule, &asked, number("now"), &allowed);
        CHECK(is(text("result"), outcome(result)));
        if (result == SANDGATE_OK)
            check_granted(&allowed, operation);
    }
    if (json_array_size(tokens) > 1)
        return;
    sandgate_v2_file_url_key key;
    sandgate_allowed allowed = {.struct_size = sizeof allowed};
    IS_OK(sandgate_v2_file_url_key_init(GIVEN(first), &key));
    IS_OK(sandgate_v2_file_url_key_set_window(&key, policy.leeway, policy.max_lifetime));
    sandgate_result result = sandgate_v2_file_url_verify_query(
        &key, operation, GIVEN(query), context.at, context.len, number("now"), &allowed);
    CHECK(is(text("result"), outcome(result)));
    if (result == SANDGATE_OK)
        check_granted(&allowed, operation);
}

static const char *const carriers[] = {"header", "host", "query", "cookie"};

/* The bit of a carrier's name; 0 for null. */
static uint32_t carrier(struct text name)
{
    for (int at = 0; at < 4; at++)
        if (is(name, carriers[at]))
            return UINT32_C(1) << at;
    CHECK(name.at == NULL);
    return 0;
}

static void edge(void)
{
    static char target[1 << 14];
    const json_t *roots = json_object_get(current, "traffic_roots"), *accept = json_object_get(current, "accept");
    const json_t *headers = json_object_get(current, "header"), *lines = json_object_get(current, "cookie");
    sandgate_v2_traffic_keyring keyring;
    IS_OK(sandgate_v2_traffic_keyring_init(GIVEN(of_json(json_array_get(roots, 0))), &keyring));
    for (size_t at = 1; at < json_array_size(roots); at++)
        IS_OK(sandgate_v2_traffic_keyring_add(&keyring, GIVEN(of_json(json_array_get(roots, at)))));
    sandgate_policy policy = policy_of(SANDGATE_POLICY_DEFAULT);
    policy.leeway = (uint32_t)number("leeway");
    policy.carriers = 0;
    for (size_t at = 0; at < json_array_size(accept); at++)
        policy.carriers |= carrier(of_json(json_array_get(accept, at)));
    sandgate_edge edge;
    IS_OK(sandgate_edge_init(&policy, &edge));
    IS_OK(sandgate_edge_set_v2_keyring(&edge, &keyring));

    struct text host = text("host"), context = text("context"), id = text("sandbox_id");
    sandgate_header found_by = {host.at, host.len, 1}, absent = header(NULL);
    sandgate_route to = {.struct_size = sizeof to};
    IS_OK(sandgate_route_parse(&found_by, &absent, &absent, &to));
    CHECK(is(id, to.sandbox_id) && id.len == to.sandbox_id_len && to.port == number("port"));

    sandgate_bytes cookies[8];
    CHECK(json_array_size(lines) <= 8);
    for (size_t at = 0; at < json_array_size(lines); at++)
        cookies[at] = (sandgate_bytes){GIVEN(of_json(json_array_get(lines, at)))};
    snprintf(target, sizeof target, "/?%s", text("query").at);
    sandgate_request asked = request("GET", target);
    asked.cookies = cookies;
    asked.cookie_count = json_array_size(lines);
    asked.context = context.at;
    asked.context_len = context.len;
    asked.traffic_token.count = (uint32_t)json_array_size(headers);
    if (asked.traffic_token.count == 1)
        asked.traffic_token = (sandgate_header){GIVEN(of_json(json_array_get(headers, 0))), 1};

    sandgate_sandbox_state known = {.struct_size = sizeof known, .restricted = 1};
    known.generation = (uint32_t)number("generation");
    sandgate_passed passed = {.struct_size = sizeof passed};
    uint32_t decides;
    sandgate_result result = sandgate_edge_check(&edge, &to, &known, &asked, number("now"), &passed);
    CHECK(is(text("result"), outcome(result)));
    IS_OK(sandgate_edge_carrier(&edge, &to, &known, &asked, &decides));
    CHECK(decides == carrier(text("carrier")));
    CHECK(passed.carrier == (result == SANDGATE_OK ? decides : 0));
    CHECK(passed.has_expires == (passed.basis >= SANDGATE_PASSED_PASS));
}

static void directories(void)
{
    struct v2 all;
    v2_init(&all, 'a', SEED_V2, 0);
    struct text directory = text("directory");
    sandgate_v2_file_url url = v2_url("");
    url.directory = directory.at;
    url.directory_len = directory.len;
    char out[SANDGATE_V2_SIGNATURE_LEN];
    size_t len;
    sandgate_result result = sandgate_v2_file_url_sign(&all.key, &url, out, sizeof out, &len);
    CHECK(result == (json_is_true(json_object_get(current, "valid")) ? SANDGATE_OK : SANDGATE_BAD_DIRECTORY));
}

static void labels(void)
{
    struct text token = text("traffic_token"), id = text("sandbox_id"), label = text("label"), pass = text("pass");
    const uint32_t port = (uint32_t)number("port");
    const int64_t expires = number("expires");
    sandgate_v2_traffic_key key;
    char out[SANDGATE_V2_PASS_MAX];
    struct text made = {out, 0};
    int64_t end = 0;
    IS_OK(sandgate_v2_traffic_key_init(GIVEN(token), &key));
    IS_OK(sandgate_v2_signed_host_issue(&key, id.at, id.len, port, expires, MADE));
    CHECK(is_same(made, label));
    IS_OK(sandgate_v2_signed_host_verify(&key, GIVEN(label), id.at, id.len, port, expires, &end));
    CHECK(end == expires);
    IS_OK(sandgate_v2_pass_issue(&key, port, expires, NULL, 0, MADE));
    CHECK(is_same(made, pass));
    end = 0;
    IS_OK(sandgate_v2_pass_verify(&key, GIVEN(pass), port, NULL, 0, expires, &end));
    CHECK(end == expires);
}

int main(int argc, char **argv)
{
    static const struct array arrays[] = {
        {"derive", derive, 24}, {"file_urls", file_urls, 960}, {"edge", edge, 240}, {"directories", directories, 21}, {"labels", labels, 24},
    };
    return RUN_VECTORS(argc, argv, arrays);
}
