/* A controller that is replaced as a whole while threads check requests with it: in place under a lock, and as a copy
 * that is put in place. Each request is decided by one whole controller.
 *
 *     replacement [replacements] */

#include "v2.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

enum { THREADS = 4, KINDS = 2 };

static sandgate_controller controller;
static pthread_rwlock_t lock;
static struct v2 v2[KINDS];
static char bodies[KINDS][128];
static const char *hashes[KINDS];
static atomic_bool over;
static long replacements = 2000;

/* SHA-512 of the access tokens of generations 0 and 1, made with Python's hashlib. */
static const char hash_0[] = "12311cbe7ca94e828c301d6be236d1ece27c1a5a31d83922eb070746eef2df3e"
                             "8cf7d76ebbdfa95a3d4e94c0dff0e7bd3e6f1d6821664ff5262ce5b2308559d5";
static const char hash_1[] = "d75775a433b955da68c96838c0da5141ca1d20ed3a943914eb04e7a38e9e57b6"
                             "080173b5f4674928bf2f9a77dbba4366b0607b6a2187c7a7700a296350e05811";

static sandgate_result in_place(int kind, sandgate_initialized *outcome)
{
    pthread_rwlock_wrlock(&lock);
    sandgate_result result =
        sandgate_controller_initialize(&controller, BYTES(bodies[kind]), BYTES(hashes[kind]), outcome);
    pthread_rwlock_unlock(&lock);
    return result;
}

/* Nothing else changes the controller, so it may be copied without the lock. */
static sandgate_result by_copy(int kind, sandgate_initialized *outcome)
{
    sandgate_controller next = controller;
    sandgate_result result = sandgate_controller_initialize(&next, BYTES(bodies[kind]), BYTES(hashes[kind]), outcome);
    if (result == SANDGATE_OK) {
        pthread_rwlock_wrlock(&lock);
        controller = next;
        pthread_rwlock_unlock(&lock);
    }
    sandgate_controller_wipe(&next);
    return result;
}

static sandgate_result ask(const char *token)
{
    sandgate_allowed allowed = {.struct_size = sizeof allowed};
    sandgate_request asked = request("GET", "/metrics");
    asked.access_token = header(token);
    pthread_rwlock_rdlock(&lock);
    sandgate_result result = sandgate_controller_check(&controller, &asked, NOW, &allowed);
    pthread_rwlock_unlock(&lock);
    return result;
}

/* What a thread has seen; cmocka's assertions work only in the main thread. */
struct seen {
    bool accepted[KINDS], refused[KINDS], strange;
};

static void *run(void *argument)
{
    struct seen *seen = argument;
    while (!atomic_load(&over)) {
        for (int kind = 0; kind < KINDS; kind++) {
            sandgate_result result = ask(v2[kind].access_token);
            seen->accepted[kind] |= result == SANDGATE_OK;
            seen->refused[kind] |= result == SANDGATE_ROUTE_INVALID;
            seen->strange |= result != SANDGATE_OK && result != SANDGATE_ROUTE_INVALID;
        }
        seen->strange |= ask(NULL) != SANDGATE_ROUTE_MISSING || ask("another") != SANDGATE_ROUTE_INVALID;
        sched_yield();
    }
    return NULL;
}

typedef sandgate_result replace(int kind, sandgate_initialized *outcome);

static void each_request_sees_one_whole_controller(replace *replace)
{
    pthread_t threads[THREADS];
    struct seen seen[THREADS] = {0};
    atomic_store(&over, false);
    assert_int_equal(sandgate_controller_init(BYTES(v2[0].access_token), NULL, &controller), SANDGATE_OK);
    for (int at = 0; at < THREADS; at++)
        assert_int_equal(pthread_create(&threads[at], NULL, run, &seen[at]), 0);
    for (long at = 1; at <= replacements; at++) {
        int kind = at % KINDS;
        sandgate_initialized outcome = 0;
        assert_int_equal(replace(kind, &outcome), SANDGATE_OK);
        assert_int_equal(outcome, SANDGATE_INITIALIZED_REPLACED);
        assert_int_equal(ask(v2[kind].access_token), SANDGATE_OK);
        assert_int_equal(ask(v2[!kind].access_token), SANDGATE_ROUTE_INVALID);
    }
    atomic_store(&over, true);
    for (int at = 0; at < THREADS; at++) {
        assert_int_equal(pthread_join(threads[at], NULL), 0);
        assert_false(seen[at].strange);
    }
    sandgate_controller_wipe(&controller);
}

static void a_controller_is_changed_under_a_lock(void **state)
{
    (void)state;
    each_request_sees_one_whole_controller(in_place);
}

static void a_copy_is_put_in_place(void **state)
{
    (void)state;
    each_request_sees_one_whole_controller(by_copy);
}

static int init(void **state)
{
    (void)state;
    hashes[0] = hash_0;
    hashes[1] = hash_1;
    for (int kind = 0; kind < KINDS; kind++) {
        v2_init(&v2[kind], 'a', SEED_V2, (uint32_t)kind);
        snprintf(bodies[kind], sizeof bodies[kind], "{\"accessToken\":\"%s\"}", v2[kind].access_token);
    }
    /* Otherwise the threads that read could hold up the one that writes for ever. */
    pthread_rwlockattr_t attributes;
    return pthread_rwlockattr_init(&attributes) ||
           pthread_rwlockattr_setkind_np(&attributes, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP) ||
           pthread_rwlock_init(&lock, &attributes);
}

int main(int argc, char **argv)
{
    if (argc == 2)
        replacements = strtol(argv[1], NULL, 10);
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_controller_is_changed_under_a_lock),
                                       cmocka_unit_test(a_copy_is_put_in_place)};
    return cmocka_run_group_tests(tests, init, NULL);
}
