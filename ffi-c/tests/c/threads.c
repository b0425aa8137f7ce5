/* One keyring, one key, one controller and one edge, used by eight threads at the same time, in read-only
 * memory.
 *
 *     threads [rounds a thread] */

#include "check.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

enum { THREADS = 8 };

static struct shared {
    sandgate_v1_keyring keyring;
    sandgate_v1_file_url_key key;
    sandgate_controller controller;
    sandgate_edge edge;
} *shared;
static long rounds = 12500;

/* Six operations; false if one of them is wrong. cmocka's assertions work only in the main thread. */
static bool one_round(long number)
{
    char id[64], access[65] = {0}, traffic[65] = {0}, path[64], url_text[512];
    size_t len;
    snprintf(id, sizeof id, "i%ld", number);
    snprintf(path, sizeof path, "/file %ld", number);
    if (sandgate_v1_keyring_access_token(&shared->keyring, CHARS(id), access, 64, &len) != SANDGATE_OK ||
        sandgate_v1_keyring_traffic_token(&shared->keyring, CHARS(id), traffic, 64, &len) != SANDGATE_OK ||
        sandgate_v1_keyring_verify_access_token(&shared->keyring, CHARS(id), BYTES(access)) != SANDGATE_OK ||
        sandgate_v1_keyring_verify_access_token(&shared->keyring, CHARS(id), BYTES(traffic)) != SANDGATE_ROUTE_INVALID)
        return false;

    int64_t expires = NOW + number;
    sandgate_v1_file_url url = file_url(path, "user");
    url.expires = &expires;
    if (sandgate_v1_file_url_write(&shared->key, "x", 1, &url, url_text, sizeof url_text, &len) != SANDGATE_OK)
        return false;
    sandgate_request asked = request("GET", "");
    asked.target = url_text + 1;
    asked.target_len = len - 1;
    sandgate_allowed allowed = {.struct_size = sizeof allowed};
    if (sandgate_controller_check(&shared->controller, &asked, expires, &allowed) != SANDGATE_OK ||
        allowed.expires != expires || allowed.path.len != strlen(path) ||
        sandgate_controller_check(&shared->controller, &asked, expires + 1, &allowed) !=
            SANDGATE_FILE_SIGNATURE_EXPIRED)
        return false;

    sandgate_route to = route(id, 8080);
    sandgate_sandbox_state known = {.struct_size = sizeof known, .restricted = 1};
    sandgate_passed passed = {.struct_size = sizeof passed};
    asked = request("GET", "/");
    asked.traffic_token = header(traffic);
    if (sandgate_edge_check(&shared->edge, &to, &known, &asked, NOW, &passed) != SANDGATE_OK ||
        passed.basis != SANDGATE_PASSED_TOKEN)
        return false;
    asked.traffic_token = header(access);
    return sandgate_edge_check(&shared->edge, &to, &known, &asked, NOW, &passed) == SANDGATE_TRAFFIC_INVALID;
}

static void *run(void *first)
{
    for (long round = 0; round < rounds; round++)
        if (!one_round(*(long *)first + round))
            return first;
    return NULL;
}

static void threads_share_all_objects(void **state)
{
    (void)state;
    pthread_t threads[THREADS];
    long first[THREADS];
    for (int at = 0; at < THREADS; at++) {
        first[at] = at * rounds;
        assert_int_equal(pthread_create(&threads[at], NULL, run, &first[at]), 0);
    }
    for (int at = 0; at < THREADS; at++) {
        void *failed;
        assert_int_equal(pthread_join(threads[at], &failed), 0);
        assert_null(failed);
    }
}

static int init(void **state)
{
    (void)state;
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED)
        return -1;
    if (sandgate_v1_keyring_init(BYTES(SEED), &shared->keyring) ||
        sandgate_v1_file_url_key_init(BYTES(TOKEN), &shared->key) ||
        sandgate_controller_init(BYTES(TOKEN), NULL, &shared->controller) ||
        init_deriving(&shared->edge, &shared->keyring))
        return -1;
    return mprotect(shared, sizeof *shared, PROT_READ);
}

int main(int argc, char **argv)
{
    if (argc == 2)
        rounds = strtol(argv[1], NULL, 10);
    const struct CMUnitTest tests[] = {cmocka_unit_test(threads_share_all_objects)};
    return cmocka_run_group_tests(tests, init, NULL);
}
