/* Every array of vectors/e2b-v1.json, the answers of the real systems, through C. */

#include "vectors.h"

#include <ctype.h>

struct text {
    const char *at;
    size_t len;
};

/* A NULL pointer for null; an array's element has no name. */
static struct text text(const char *name)
{
    const json_t *value = name ? json_object_get(current, name) : current;
    return (struct text){json_string_value(value), json_string_length(value)};
}

static int64_t number(const char *name)
{
    CHECK(json_is_integer(json_object_get(current, name)));
    return json_integer_value(json_object_get(current, name));
}

static sandgate_header header_of(const char *name)
{
    struct text value = text(name);
    return (sandgate_header){value.at, value.len, value.at != NULL};
}

static bool is_same(struct text a, struct text b)
{
    return a.len == b.len && memcmp(a.at ? a.at : "", b.at ? b.at : "", a.len) == 0;
}

static struct text literal(const char *text)
{
    return (struct text){text, strlen(text)};
}

/* Percent-encodes all but letters and digits. */
static void append_parameter(char *query, size_t size, const char *name, struct text value)
{
    size_t len = strlen(query);
    len += (size_t)snprintf(query + len, size - len, "%s%s=", len ? "&" : "", name);
    for (size_t at = 0; at < value.len; at++) {
        unsigned char byte = (unsigned char)value.at[at];
        CHECK(len + 4 < size);
        len += (size_t)snprintf(query + len, size - len, isalnum(byte) ? "%c" : "%%%02X", byte);
    }
}

static const char *query_of_case(void)
{
    static char query[1 << 16];
    query[0] = '\0';
    append_parameter(query, sizeof query, "path", text("path"));
    append_parameter(query, sizeof query, "username", text("user"));
    if (text("signature").at != NULL)
        append_parameter(query, sizeof query, "signature", text("signature"));
    if (!json_is_null(json_object_get(current, "expires"))) {
        char expires[32];
        snprintf(expires, sizeof expires, "%lld", (long long)number("expires"));
        append_parameter(query, sizeof query, "signature_expiration", literal(expires));
    }
    return query;
}

static uint32_t operation(void)
{
    if (is_same(text("operation"), literal("read")))
        return SANDGATE_OPERATION_READ;
    CHECK(is_same(text("operation"), literal("write")));
    return SANDGATE_OPERATION_WRITE;
}

static sandgate_v1_file_url_key key(void)
{
    sandgate_v1_file_url_key key;
    struct text token = text("token");
    CHECK(sandgate_v1_file_url_key_init(token.at, token.len, &key) == SANDGATE_OK);
    return key;
}

static sandgate_controller controller(const char *token_name)
{
    sandgate_controller controller;
    struct text token = text(token_name);
    CHECK(sandgate_controller_init(token.at, token.len, NULL, &controller) == SANDGATE_OK);
    return controller;
}

/* Returns the URL of the case. Its expiry is stored in the caller's variable. */
static sandgate_v1_file_url url_of_case(int64_t *expires)
{
    struct text path = text("path"), user = text("user");
    sandgate_v1_file_url url = {
        .struct_size = sizeof url,
        .operation = operation(),
        .path = path.at,
        .path_len = path.len,
        .user = user.at,
        .user_len = user.len,
    };
    if (!json_is_null(json_object_get(current, "expires"))) {
        *expires = number("expires");
        url.expires = expires;
    }
    return url;
}

static void check_granted(const sandgate_allowed *allowed)
{
    static uint8_t bytes[1 << 16];
    struct text decoded = {(char *)bytes, 0};
    CHECK(sandgate_text_decode(&allowed->path, bytes, sizeof bytes, &decoded.len) == SANDGATE_OK);
    CHECK(is_same(decoded, text("path")) && decoded.len == allowed->path.len);
    CHECK(sandgate_text_decode(&allowed->user, bytes, sizeof bytes, &decoded.len) == SANDGATE_OK);
    CHECK(is_same(decoded, text("user")) && decoded.len == allowed->user.len);
    CHECK(allowed->operation == operation());
}

static const char *outcome(sandgate_result result)
{
    switch (result) {
    case SANDGATE_OK:
        return "ok";
    case SANDGATE_FILE_SIGNATURE_INVALID:
        return "invalid";
    case SANDGATE_FILE_SIGNATURE_EXPIRED:
        return "expired";
    default:
        return sandgate_result_message(result);
    }
}

static void derive(void)
{
    struct text seed = text("seed"), id = text("sandbox_id");
    struct text access = text("access_token"), traffic = text("traffic_token");
    const void *access_bytes = access.at, *traffic_bytes = traffic.at;
    sandgate_v1_keyring ring;
    char made[64];
    struct text token = {made, 0};

    CHECK(sandgate_v1_keyring_init(seed.at, seed.len, &ring) == SANDGATE_OK);
    CHECK(sandgate_v1_keyring_access_token(&ring, id.at, id.len, made, sizeof made, &token.len) == 0);
    CHECK(is_same(token, access));
    CHECK(sandgate_v1_keyring_traffic_token(&ring, id.at, id.len, made, sizeof made, &token.len) == 0);
    CHECK(is_same(token, traffic));

    CHECK(sandgate_v1_keyring_verify_access_token(&ring, id.at, id.len, access_bytes, access.len) == 0);
    CHECK(sandgate_v1_keyring_verify_traffic_token(&ring, id.at, id.len, traffic_bytes, traffic.len) == 0);
    CHECK(sandgate_v1_keyring_verify_access_token(&ring, id.at, id.len, traffic_bytes, traffic.len) ==
          SANDGATE_ROUTE_INVALID);
    CHECK(sandgate_v1_keyring_verify_traffic_token(&ring, id.at, id.len, access_bytes, access.len) ==
          SANDGATE_TRAFFIC_INVALID);
}

static void sign(void)
{
    int64_t expires;
    sandgate_v1_file_url_key token = key();
    sandgate_v1_file_url url = url_of_case(&expires);
    char out[46];
    struct text signature = {out, 0};
    CHECK(sandgate_v1_file_url_sign(&token, &url, out, sizeof out, &signature.len) == SANDGATE_OK);
    CHECK(is_same(signature, text("signature")));
}

static void verify(void)
{
    int64_t expires, now = number("now");
    sandgate_v1_file_url_key token = key();
    sandgate_v1_file_url url = url_of_case(&expires);
    struct text signature = text("signature");
    sandgate_result result =
        sandgate_v1_file_url_verify(&token, &url, signature.at, signature.len, now);
    CHECK(is_same(literal(outcome(result)), text("result")));

    sandgate_allowed allowed = {.struct_size = sizeof allowed};
    result = sandgate_v1_file_url_verify_query(&token, operation(), BYTES(query_of_case()), now, &allowed);
    CHECK(is_same(literal(outcome(result)), text("result")));
    if (result == SANDGATE_OK)
        check_granted(&allowed);
}

/* Only the middleware. If it allows a file route, the route's own check follows: a wrong or no token is refused there. */
static void middleware(void)
{
    struct text method = text("method"), path = text("path");
    sandgate_controller rule = controller("access_token");
    sandgate_request asked = request(method.at, path.at);
    asked.access_token = header_of("x_access_token");
    sandgate_allowed allowed = {.struct_size = sizeof allowed};
    sandgate_result result = sandgate_controller_check(&rule, &asked, 0, &allowed);

    bool passes = json_is_true(json_object_get(current, "allowed"));
    if (is_same(path, literal("/files")) && (is_same(method, literal("GET")) || is_same(method, literal("POST")))) {
        bool has_token = is_same(text("x_access_token"), text("access_token"));
        CHECK(passes && json_is_null(json_object_get(current, "status")));
        CHECK((result == SANDGATE_OK) == has_token);
        CHECK(has_token ? allowed.basis == SANDGATE_ALLOWED_TOKEN : strcmp(sandgate_result_gate(result), "route") != 0);
        return;
    }
    CHECK((result == SANDGATE_OK) == passes);
    CHECK(passes || sandgate_result_status(result) == number("status"));
}

static void file_endpoint(void)
{
    static char target[1 << 16];
    CHECK(operation() == SANDGATE_OPERATION_READ);
    CHECK(snprintf(target, sizeof target, "/files?%s", query_of_case()) < (int)sizeof target);
    sandgate_controller rule = controller("token");
    sandgate_request asked = request("GET", target);
    asked.access_token = header_of("x_access_token");
    sandgate_allowed allowed = {.struct_size = sizeof allowed};
    sandgate_result result = sandgate_controller_check(&rule, &asked, number("now"), &allowed);
    const char *said = result == SANDGATE_OK ? "ok" : sandgate_result_message(result);
    CHECK(is_same(literal(said), text("result")));
    if (result == SANDGATE_OK)
        check_granted(&allowed);
}

static void urls(void)
{
    static char ours[1 << 16];
    struct text written = {ours, 0}, url = text("url");
    const char *files = strstr(url.at, "/files?");
    CHECK(files != NULL);

    sandgate_v1_file_url_key token = key();
    sandgate_allowed allowed = {.struct_size = sizeof allowed};
    sandgate_result result = sandgate_v1_file_url_verify_query(
        &token, operation(), BYTES(files + strlen("/files?")), number("now"), &allowed);
    CHECK(is_same(literal(outcome(result)), text("result")));
    int64_t expires = 0;
    sandgate_v1_file_url said = url_of_case(&expires);
    if (result == SANDGATE_OK) {
        check_granted(&allowed);
        CHECK(allowed.has_expires == (said.expires != NULL) && allowed.expires == expires);
    }

    /* The Python SDK escapes and orders as this library does. */
    if (!is_same(text("sdk"), literal("python")))
        return;
    CHECK(sandgate_v1_file_url_write(&token, url.at, (size_t)(files - url.at), &said, ours, sizeof ours,
                                     &written.len) == SANDGATE_OK);
    CHECK(is_same(written, url));
}

static void hosts(void)
{
    sandgate_header host = header_of("host"), id = header_of("e2b_sandbox_id"), port = header_of("e2b_sandbox_port");
    sandgate_route found = {.struct_size = sizeof found};
    sandgate_result result = sandgate_route_parse(&host, &id, &port, &found);
    CHECK((result != SANDGATE_OK) == json_is_string(json_object_get(current, "error")));
    if (result != SANDGATE_OK)
        return;
    CHECK(is_same((struct text){found.sandbox_id, found.sandbox_id_len}, text("sandbox_id")));
    CHECK(found.sandbox_id[found.sandbox_id_len] == '\0' && found.port == number("port"));
}

static void invalid_sandbox_ids(void)
{
    CHECK(sandgate_check_sandbox_id(text(NULL).at, text(NULL).len) == SANDGATE_BAD_SANDBOX_ID);
}

static void weak_seeds(void)
{
    const void *seed = text(NULL).at;
    sandgate_v1_keyring ring;
    CHECK(sandgate_v1_keyring_init(seed, text(NULL).len, &ring) == SANDGATE_WEAK_SEED);
    CHECK(sandgate_v1_keyring_init(BYTES(SEED), &ring) == SANDGATE_OK);
    CHECK(sandgate_v1_keyring_add(&ring, seed, text(NULL).len) == SANDGATE_WEAK_SEED);
}

int main(int argc, char **argv)
{
    static const struct array arrays[] = {
        {"derive", derive, 38}, {"sign", sign, 121},
        {"verify", verify, 363}, {"controller", middleware, 102},
        {"file_endpoint", file_endpoint, 36}, {"urls", urls, 56},
        {"hosts", hosts, 408}, {"invalid_sandbox_ids", invalid_sandbox_ids, 11},
        {"weak_seeds", weak_seeds, 3},
    };
    return RUN_VECTORS(argc, argv, arrays);
}
