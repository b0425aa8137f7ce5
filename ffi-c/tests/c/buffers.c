/* Every function that writes into the caller's buffer: a short buffer gets the needed size, and no byte
 * outside the output changes. */

#include "v2.h"

#include <stdio.h>

typedef sandgate_result writer(char *out, size_t size, size_t *len);

static sandgate_v1_keyring keyring;
static sandgate_v1_file_url_key key;
static struct v2 v2;

static sandgate_result access_token(char *out, size_t size, size_t *len)
{
    return sandgate_v1_keyring_access_token(&keyring, CHARS(ID), out, size, len);
}

static sandgate_result traffic_token(char *out, size_t size, size_t *len)
{
    return sandgate_v1_keyring_traffic_token(&keyring, CHARS(ID), out, size, len);
}

static sandgate_result sign(char *out, size_t size, size_t *len)
{
    sandgate_v1_file_url url = file_url("/a", "user");
    return sandgate_v1_file_url_sign(&key, &url, out, size, len);
}

static sandgate_result write_url(char *out, size_t size, size_t *len)
{
    int64_t expires = NOW;
    sandgate_v1_file_url url = file_url("/a b", "user");
    url.expires = &expires;
    return sandgate_v1_file_url_write(&key, CHARS("https://49983-" ID ".e2b.app"), &url, out, size, len);
}

static sandgate_result refusal_json(char *out, size_t size, size_t *len)
{
    return sandgate_refusal_json(SANDGATE_FILE_SIGNATURE_EXPIRED, out, size, len);
}

static sandgate_result edge_refusal_json(char *out, size_t size, size_t *len)
{
    return sandgate_edge_refusal_json(SANDGATE_INTERNAL_ROUTE_OUT_OF_SCOPE, CHARS(ID), BYTES("/\"\n"), out, size, len);
}

static sandgate_result text_decode(char *out, size_t size, size_t *len)
{
    sandgate_text text = {.raw = "%00a+b", .raw_len = 6, .len = 4};
    return sandgate_text_decode(&text, out, size, len);
}

static sandgate_result v2_access_token(char *out, size_t size, size_t *len)
{
    return sandgate_v2_keyring_access_token(&v2.keyring, CHARS(ID), 1, out, size, len);
}

static sandgate_result v2_traffic_token(char *out, size_t size, size_t *len)
{
    return sandgate_v2_keyring_traffic_token(&v2.keyring, CHARS(ID), 1, out, size, len);
}

static sandgate_result v2_traffic_token_of_roots(char *out, size_t size, size_t *len)
{
    return sandgate_v2_traffic_keyring_traffic_token(&v2.traffic, CHARS(ID), 1, out, size, len);
}

static sandgate_result v2_root(char *out, size_t size, size_t *len)
{
    return sandgate_v2_traffic_root('a', BYTES(SEED_V2), out, size, len);
}

static sandgate_result v2_sign(char *out, size_t size, size_t *len)
{
    sandgate_v2_file_url url = v2_url("/a");
    return sandgate_v2_file_url_sign(&v2.key, &url, out, size, len);
}

static sandgate_result v2_write_url(char *out, size_t size, size_t *len)
{
    const uint64_t max_bytes = 1000;
    sandgate_v2_file_url url = v2_url("/a b");
    url.operation = SANDGATE_OPERATION_WRITE;
    url.max_bytes = &max_bytes;
    return sandgate_v2_file_url_write(&v2.key, CHARS("https://49983-" ID ".e2b.app"), &url, out, size, len);
}

static sandgate_result v2_pass(char *out, size_t size, size_t *len)
{
    return sandgate_v2_pass_issue(&v2.traffic_key, 65535, (INT64_C(1) << 53) - 1, NULL, 0, out, size, len);
}

static sandgate_result v2_signed_host(char *out, size_t size, size_t *len)
{
    return sandgate_v2_signed_host_issue(&v2.traffic_key, CHARS(ID "12"), 65535, NOW, out, size, len);
}

static sandgate_result forward_query(char *out, size_t size, size_t *len)
{
    return sandgate_forward_query(BYTES("&a=%ff\xff&sandgate%5Ftraffic=x&&b"), out, size, len);
}

static sandgate_result forward_cookie(char *out, size_t size, size_t *len)
{
    return sandgate_forward_cookie(BYTES("a=1 ; __Host-sandgate-traffic=x;; b\xff"), out, size, len);
}

static sandgate_result forward_target(char *out, size_t size, size_t *len)
{
    return sandgate_forward_target(BYTES("/\xff?a&sandgate%5Ftraffic=x&&b"), out, size, len);
}

static sandgate_result forward_header(char *out, size_t size, size_t *len)
{
    uint32_t stays = 7;
    sandgate_result result = sandgate_forward_header(BYTES("Cookie"), BYTES("a;__Host-sandgate-traffic=x;b;c\xff"), out, size,
                                                     len, &stays);
    assert_int_equal(stays, result == SANDGATE_OK ? 1 : 7);
    return result;
}

static sandgate_result unknown_sandbox_json(char *out, size_t size, size_t *len)
{
    return sandgate_unknown_sandbox_json(CHARS(ID), out, size, len);
}

static sandgate_result sandbox_id_shorten(char *out, size_t size, size_t *len)
{
    return sandgate_sandbox_id_shorten(CHARS(ID "-client"), out, size, len);
}

static const struct buffer {
    const char *name;
    writer *write;
    size_t needed;
} buffers[] = {
    {"access_token", access_token, 64},
    {"traffic_token", traffic_token, 64},
    {"sign", sign, 46},
    {"write_url", write_url, 0},
    {"refusal_json", refusal_json, sizeof "{'code':401,'message':'signature is already expired'}" - 1},
    {"edge_refusal_json", edge_refusal_json, 0},
    {"text_decode", text_decode, 4},
    {"v2_access_token", v2_access_token, SANDGATE_V2_TOKEN_LEN},
    {"v2_traffic_token", v2_traffic_token, SANDGATE_V2_TOKEN_LEN},
    {"v2_traffic_token of roots", v2_traffic_token_of_roots, SANDGATE_V2_TOKEN_LEN},
    {"v2_traffic_root", v2_root, SANDGATE_V2_TOKEN_LEN},
    {"v2_sign", v2_sign, SANDGATE_V2_SIGNATURE_LEN},
    {"v2_write_url", v2_write_url, 0},
    {"v2_pass", v2_pass, SANDGATE_V2_PASS_MAX},
    {"v2_signed_host", v2_signed_host, SANDGATE_V2_SIGNED_HOST_MAX},
    {"forward_query", forward_query, 10},
    {"forward_cookie", forward_cookie, 7},
    {"forward_target", forward_target, 7},
    {"forward_header", forward_header, 8},
    {"unknown_sandbox_json", unknown_sandbox_json, 0},
    {"sandbox_id_shorten", sandbox_id_shorten, sizeof ID - 1},
};
enum { BUFFERS = sizeof buffers / sizeof *buffers, MARGIN = 64, ROOM = 1024 };

static char arena[MARGIN + ROOM + MARGIN];
static char *const out = arena + MARGIN;

/* Whether nothing but the first `len` bytes of the buffer was written to. */
static bool is_intact_but_for(size_t len)
{
    return is_unwritten(arena, MARGIN) && is_unwritten(out + len, sizeof arena - MARGIN - len);
}

static void short_buffers_get_the_needed_size(void **state)
{
    const struct buffer *buffer = *state;
    size_t needed = 0, len;
    assert_int_equal(buffer->write(NULL, 0, &needed), SANDGATE_BUFFER_TOO_SMALL);
    assert_in_range(needed, 1, ROOM - 8);
    assert_true(buffer->needed == 0 || buffer->needed == needed);

    SET_UNWRITTEN(arena);
    for (size_t size = 0; size < needed; size++) {
        len = 0;
        assert_int_equal(buffer->write(out, size, &len), SANDGATE_BUFFER_TOO_SMALL);
        assert_int_equal(len, needed);
        assert_true(is_intact_but_for(0));
    }
    for (size_t size = needed; size < needed + 8; size++) {
        SET_UNWRITTEN(arena);
        len = 0;
        assert_int_equal(buffer->write(out, size, &len), SANDGATE_OK);
        assert_int_equal(len, needed);
        assert_true(is_intact_but_for(needed));
        assert_false(is_unwritten(out, needed));
    }
}

static void impossible_buffers_are_misuse(void **state)
{
    const struct buffer *buffer = *state;
    size_t len;
    SET_UNWRITTEN(arena);
    SET_UNWRITTEN(len);
    assert_int_equal(buffer->write(NULL, 1, &len), SANDGATE_NULL_POINTER);
    assert_int_equal(buffer->write(NULL, SIZE_MAX, &len), SANDGATE_NULL_POINTER);
    assert_int_equal(buffer->write(out, SIZE_MAX, &len), SANDGATE_NULL_POINTER);
    assert_int_equal(buffer->write(out, SIZE_MAX / 2 + 1, &len), SANDGATE_NULL_POINTER);
    assert_int_equal(buffer->write(out, ROOM, NULL), SANDGATE_NULL_POINTER);
    assert_int_equal(buffer->write(NULL, 0, NULL), SANDGATE_NULL_POINTER);
    assert_true(is_intact_but_for(0));
    ASSERT_UNWRITTEN(len);
}

/* It takes no size: it writes 9 bytes. */
static void fingerprint_writes_9_bytes(void **state)
{
    (void)state;
    SET_UNWRITTEN(arena);
    assert_int_equal(sandgate_fingerprint(BYTES("abc"), out), SANDGATE_OK);
    assert_string_equal(out, "ba7816bf");
    assert_true(is_intact_but_for(9));
}

static int init(void **state)
{
    (void)state;
    v2_init(&v2, 'a', SEED_V2, 0);
    return sandgate_v1_keyring_init(BYTES(SEED), &keyring) || sandgate_v1_file_url_key_init(BYTES(TOKEN), &key);
}

int main(void)
{
    struct CMUnitTest tests[2 * BUFFERS + 1] = {cmocka_unit_test(fingerprint_writes_9_bytes)};
    char names[BUFFERS][64];
    for (size_t at = 0; at < BUFFERS; at++) {
        void *buffer = (void *)&buffers[at];
        snprintf(names[at], sizeof names[at], "%s, impossible", buffers[at].name);
        tests[2 * at + 1] = (struct CMUnitTest){buffers[at].name, short_buffers_get_the_needed_size, NULL, NULL, buffer};
        tests[2 * at + 2] = (struct CMUnitTest){names[at], impossible_buffers_are_misuse, NULL, NULL, buffer};
    }
    return cmocka_run_group_tests(tests, init, NULL);
}
