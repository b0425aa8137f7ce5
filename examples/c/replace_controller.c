/* A controller whose access token is replaced while other threads check requests with it. */

#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <sandgate.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BYTES(text) (text), strlen(text)
#define MUST(condition)                                                                                                \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "line %d: not %s\n", __LINE__, #condition);                                                \
            exit(1);                                                                                                   \
        }                                                                                                              \
    } while (0)

static sandgate_controller controller;
static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;     /* of the controller */
static pthread_mutex_t changing = PTHREAD_MUTEX_INITIALIZER; /* one change after the other */

/* Each request is decided by one whole controller. */
static sandgate_result check(const sandgate_request *request, int64_t now)
{
    sandgate_allowed allowed = {.struct_size = sizeof allowed};
    pthread_rwlock_rdlock(&lock);
    sandgate_result result = sandgate_controller_check(&controller, request, now, &allowed);
    pthread_rwlock_unlock(&lock);
    return result;
}

/* POST /init changes a copy and puts it in place, so that requests wait only for an assignment. */
static sandgate_result initialize(const void *body, size_t body_len, const void *expected_hash,
                                  size_t expected_hash_len, sandgate_initialized *outcome)
{
    pthread_mutex_lock(&changing);
    sandgate_controller next = controller;
    sandgate_result result =
        sandgate_controller_initialize(&next, body, body_len, expected_hash, expected_hash_len, outcome);
    if (result == SANDGATE_OK) {
        pthread_rwlock_wrlock(&lock);
        controller = next;
        pthread_rwlock_unlock(&lock);
    }
    sandgate_controller_wipe(&next); /* each copy of a struct must be wiped */
    pthread_mutex_unlock(&changing);
    return result;
}

static sandgate_result ask(const char *token)
{
    sandgate_request request = {.struct_size = sizeof request, .method = "GET", .method_len = 3};
    request.target = "/metrics";
    request.target_len = strlen(request.target);
    request.access_token.value = token;
    request.access_token.value_len = strlen(token);
    request.access_token.count = 1;
    return check(&request, 1800000000);
}

/* Asks until the old token is refused. */
static void *use_old_token(void *unused)
{
    while (ask("old token") == SANDGATE_OK)
        ;
    MUST(ask("new token") == SANDGATE_OK);
    return unused;
}

int main(void)
{
    sandgate_initialized outcome;
    MUST(sandgate_controller_init_waiting(NULL, &controller) == SANDGATE_OK);
    MUST(ask("old token") == SANDGATE_ROUTE_NOT_INITIALIZED);
    MUST(initialize(BYTES("{\"accessToken\":\"old token\"}"), NULL, 0, &outcome) == SANDGATE_OK);
    MUST(outcome == SANDGATE_INITIALIZED_REPLACED);

    pthread_t threads[4];
    for (int at = 0; at < 4; at++)
        MUST(pthread_create(&threads[at], NULL, use_old_token, NULL) == 0);

    /* The host publishes the SHA-512 of the new token. Without it nobody replaces the old one. */
    const char *body = "{\"accessToken\":\"new token\",\"timestamp\":\"2027-01-15T08:00:00Z\"}";
    const char *hash = "5f191ec71aebfbc59596b49729c0bc7540d12102f9cffffc7a8d8acf5a0dee6a"
                       "e9950b6093eb711b7dc7e261ab76490c47f0ffc3287c5d7fd61361f700825892";
    MUST(initialize(BYTES(body), NULL, 0, &outcome) == SANDGATE_INIT_INVALID);
    MUST(initialize(BYTES(body), BYTES(hash), &outcome) == SANDGATE_OK);
    for (int at = 0; at < 4; at++)
        MUST(pthread_join(threads[at], NULL) == 0);
    MUST(initialize(BYTES(body), BYTES(hash), &outcome) == SANDGATE_OK);
    MUST(outcome == SANDGATE_INITIALIZED_STALE);
    sandgate_controller_wipe(&controller);
    puts("replaced");
    return 0;
}
