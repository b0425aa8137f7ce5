/* Structs that begin with their own size: only the size that this version knows is accepted. Of a struct of
 * another size, only the first field is read, and nothing is written. */

#include "v2.h"

#include <stdlib.h>

static sandgate_v1_file_url_key key;
static sandgate_controller controller;
static sandgate_edge edge;
static struct v2 v2;

/* Calls every function that takes the struct, with everything else right. They must agree. */
typedef sandgate_result call(void *sized);

static sandgate_result of_request(void *asked)
{
    sandgate_allowed allowed = {.struct_size = sizeof allowed};
    sandgate_route to = route(ID, 8080);
    sandgate_sandbox_state known = {.struct_size = sizeof known};
    sandgate_passed passed = {.struct_size = sizeof passed};
    sandgate_result result = sandgate_controller_check(&controller, asked, NOW, &allowed);
    assert_int_equal(sandgate_edge_screen(&edge, &to, asked), result);
    assert_int_equal(sandgate_edge_check(&edge, &to, &known, asked, NOW, &passed), result);
    uint32_t carrier;
    assert_int_equal(sandgate_edge_carrier(&edge, &to, &known, asked, &carrier), result);
    assert_int_equal(sandgate_wake_check(&edge, &controller, &to, &known, asked, NOW), result);
    assert_int_equal(sandgate_request_path_is(asked, CHARS("/health")), result == SANDGATE_OK);
    return result;
}

static const sandgate_header_line host_line = {
    "Host", sizeof "Host" - 1, "8080-" ID ".e2b.app", sizeof "8080-" ID ".e2b.app" - 1};

static sandgate_result of_head(void *asked)
{
    sandgate_allowed allowed = {.struct_size = sizeof allowed};
    sandgate_route found = {.struct_size = sizeof found}, to = route(ID, 8080);
    sandgate_sandbox_state known = {.struct_size = sizeof known};
    sandgate_passed passed = {.struct_size = sizeof passed};
    sandgate_result result = sandgate_controller_guard(&controller, asked, NOW, &allowed);
    assert_int_equal(sandgate_edge_route(&edge, asked, &found), result);
    assert_int_equal(sandgate_edge_guard(&edge, &to, &known, asked, NOW, &passed), result);
    return result;
}

static sandgate_result of_allowed(void *allowed)
{
    sandgate_request asked = request("GET", "/health");
    sandgate_head received = head("GET", "/health", NULL, 0);
    sandgate_result result = sandgate_controller_check(&controller, &asked, NOW, allowed);
    assert_int_equal(sandgate_controller_guard(&controller, &received, NOW, allowed), result);
    sandgate_v1_file_url url = file_url("/a", "user");
    char text[256];
    size_t len;
    assert_int_equal(sandgate_v1_file_url_write(&key, CHARS("https://a"), &url, text, sizeof text, &len), SANDGATE_OK);
    size_t skip = strlen("https://a/files?");
    assert_int_equal(
        sandgate_v1_file_url_verify_query(&key, 1, text + skip, len - skip, NOW, allowed), result);
    return result;
}

static sandgate_result of_route(void *to)
{
    sandgate_request asked = request("GET", "/");
    sandgate_sandbox_state known = {.struct_size = sizeof known};
    sandgate_passed passed = {.struct_size = sizeof passed};
    sandgate_head received = head("GET", "/", NULL, 0);
    sandgate_result result = sandgate_edge_screen(&edge, to, &asked);
    assert_int_equal(sandgate_edge_guard(&edge, to, &known, &received, NOW, &passed), result);
    assert_int_equal(sandgate_edge_check(&edge, to, &known, &asked, NOW, &passed), result);
    uint32_t carrier;
    assert_int_equal(sandgate_edge_carrier(&edge, to, &known, &asked, &carrier), result);
    assert_int_equal(sandgate_wake_check(&edge, &controller, to, &known, &asked, NOW), result);
    return result;
}

static sandgate_result of_found_route(void *found)
{
    sandgate_header host = header("8080-" ID ".e2b.app"), absent = header(NULL);
    sandgate_head received = head("GET", "/", &host_line, 1);
    sandgate_result result = sandgate_route_parse(&host, &absent, &absent, found);
    assert_int_equal(sandgate_edge_route(&edge, &received, found), result);
    return result;
}

static sandgate_result of_state(void *known)
{
    sandgate_request asked = request("GET", "/");
    sandgate_route to = route(ID, 8080);
    sandgate_passed passed = {.struct_size = sizeof passed};
    uint32_t carrier;
    sandgate_head received = head("GET", "/", NULL, 0);
    sandgate_result result = sandgate_edge_check(&edge, &to, known, &asked, NOW, &passed);
    assert_int_equal(sandgate_edge_guard(&edge, &to, known, &received, NOW, &passed), result);
    assert_int_equal(sandgate_edge_carrier(&edge, &to, known, &asked, &carrier), result);
    assert_int_equal(sandgate_wake_check(&edge, &controller, &to, known, &asked, NOW), result);
    return result;
}

static sandgate_result of_passed(void *passed)
{
    sandgate_request asked = request("GET", "/");
    sandgate_route to = route(ID, 8080);
    sandgate_sandbox_state known = {.struct_size = sizeof known};
    sandgate_head received = head("GET", "/", NULL, 0);
    sandgate_result result = sandgate_edge_check(&edge, &to, &known, &asked, NOW, passed);
    assert_int_equal(sandgate_edge_guard(&edge, &to, &known, &received, NOW, passed), result);
    return result;
}

static sandgate_result of_policy(void *policy)
{
    sandgate_controller controller;
    sandgate_edge edge;
    sandgate_result result = sandgate_edge_init(policy, &edge);
    assert_int_equal(sandgate_controller_init(BYTES(TOKEN), policy, &controller), result);
    assert_int_equal(sandgate_controller_init_waiting(policy, &controller), result);
    return result;
}

static sandgate_result of_named_policy(void *policy)
{
    return sandgate_policy_init(SANDGATE_POLICY_V2_ALONE, policy);
}

static sandgate_result of_v2_file_url(void *url)
{
    char out[256];
    size_t len;
    sandgate_result result = sandgate_v2_file_url_sign(&v2.key, url, out, sizeof out, &len);
    assert_int_equal(sandgate_v2_file_url_verify(&v2.key, url, out, 48, NOW), result);
    assert_int_equal(sandgate_v2_file_url_write(&v2.key, CHARS("https://a"), url, out, sizeof out, &len), result);
    return result;
}

static sandgate_result of_v2_allowed(void *allowed)
{
    sandgate_v2_file_url url = v2_url("/a");
    char text[256];
    size_t len, skip = strlen("https://a/files?");
    assert_int_equal(sandgate_v2_file_url_write(&v2.key, CHARS("https://a"), &url, text, sizeof text, &len),
                     SANDGATE_OK);
    return sandgate_v2_file_url_verify_query(&v2.key, 1, text + skip, len - skip, NULL, 0, NOW, allowed);
}

static sandgate_result of_file_url(void *url)
{
    char out[256];
    size_t len;
    sandgate_result result = sandgate_v1_file_url_sign(&key, url, out, sizeof out, &len);
    assert_int_equal(sandgate_v1_file_url_verify(&key, url, out, 46, NOW), result);
    assert_int_equal(sandgate_v1_file_url_write(&key, CHARS("https://a"), url, out, sizeof out, &len), result);
    return result;
}

static sandgate_result of_options(void *asked)
{
    sandgate_credentials issued = {.struct_size = sizeof issued};
    return sandgate_creation_decide(asked, &issued);
}

static sandgate_result of_credentials(void *issued)
{
    sandgate_creation_options asked = {
        .struct_size = sizeof asked, .envd_version = "0.2.0", .envd_version_len = strlen("0.2.0")};
    return sandgate_creation_decide(&asked, issued);
}

/* On the heap, with exactly its stated size, so that a sanitizer detects reads beyond it. */
static void check(call *call, const void *good, size_t size)
{
    const size_t wrong[] = {0, 1, sizeof(size_t), size - 1, size + 1, size + 8, 2 * size, SIZE_MAX};
    for (size_t at = 0; at < sizeof wrong / sizeof *wrong; at++) {
        size_t room = wrong[at] < sizeof(size_t) || wrong[at] == SIZE_MAX ? sizeof(size_t) : wrong[at];
        uint8_t *given = malloc(room);
        assert_non_null(given);
        memset(given, UNWRITTEN, room);
        memcpy(given, &wrong[at], sizeof(size_t));
        assert_int_equal(call(given), SANDGATE_STRUCT_SIZE);
        assert_memory_equal(given, &wrong[at], sizeof(size_t));
        assert_true(is_unwritten(given + sizeof(size_t), room - sizeof(size_t)));
        free(given);
    }
    void *exact = malloc(size);
    assert_non_null(exact);
    memcpy(exact, good, size);
    assert_int_equal(call(exact), SANDGATE_OK);
    free(exact);
}

static void inputs_of_another_size_are_refused(void **state)
{
    (void)state;
    sandgate_request asked = request("GET", "/health");
    sandgate_route to = route(ID, 8080);
    sandgate_sandbox_state known = {.struct_size = sizeof known};
    sandgate_v1_file_url url = file_url("/a", "user");
    sandgate_creation_options options = {
        .struct_size = sizeof options, .envd_version = "0.2.0", .envd_version_len = strlen("0.2.0")};
    check(of_request, &asked, sizeof asked);
    sandgate_head received = head("GET", "/health", &host_line, 1);
    check(of_head, &received, sizeof received);
    check(of_route, &to, sizeof to);
    check(of_state, &known, sizeof known);
    check(of_file_url, &url, sizeof url);
    check(of_options, &options, sizeof options);
    sandgate_policy policy = policy_of(SANDGATE_POLICY_DEFAULT);
    sandgate_v2_file_url v2 = v2_url("/a");
    check(of_policy, &policy, sizeof policy);
    check(of_v2_file_url, &v2, sizeof v2);
}

static void outputs_of_another_size_are_not_written(void **state)
{
    (void)state;
    sandgate_allowed allowed = {.struct_size = sizeof allowed};
    sandgate_route found = {.struct_size = sizeof found};
    sandgate_credentials issued = {.struct_size = sizeof issued};
    check(of_allowed, &allowed, sizeof allowed);
    check(of_found_route, &found, sizeof found);
    check(of_credentials, &issued, sizeof issued);
    sandgate_passed passed = {.struct_size = sizeof passed};
    sandgate_policy policy = {.struct_size = sizeof policy};
    check(of_passed, &passed, sizeof passed);
    check(of_named_policy, &policy, sizeof policy);
    check(of_v2_allowed, &allowed, sizeof allowed);
}

static int init(void **state)
{
    (void)state;
    v2_init(&v2, 'a', SEED_V2, 0);
    return sandgate_v1_file_url_key_init(BYTES(TOKEN), &key) || sandgate_controller_init(BYTES(TOKEN), NULL, &controller) ||
           sandgate_edge_init(NULL, &edge);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(inputs_of_another_size_are_refused), cmocka_unit_test(outputs_of_another_size_are_not_written)};
    return cmocka_run_group_tests(tests, init, NULL);
}
