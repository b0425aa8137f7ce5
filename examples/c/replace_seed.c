/* From version 1 to version 2, and then from seed a to seed b, step by step as in docs/migration.md. */

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
#define MUST_BE_OK(call) MUST((call) == SANDGATE_OK)

static const char id[] = "i94gcaqbpvohfr764s5l";
static const char seed_v1[] = "the seed of version 1";
static const char seed_a[] = "the first seed, 32 bytes or more";
static const char seed_b[] = "the second seed, 32 bytes or more";

/* The state of a server. A request reads it under the lock; a replacement is one assignment under it. */
static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static sandgate_controller controller;
static sandgate_edge edge;

static void replace_controller(sandgate_controller *new_one)
{
    pthread_rwlock_wrlock(&lock);
    sandgate_controller old = controller;
    controller = *new_one;
    pthread_rwlock_unlock(&lock);
    /* Every copy of a struct must be wiped. */
    sandgate_controller_wipe(&old);
    sandgate_controller_wipe(new_one);
}

static void replace_edge(sandgate_edge *new_one)
{
    pthread_rwlock_wrlock(&lock);
    sandgate_edge old = edge;
    edge = *new_one;
    pthread_rwlock_unlock(&lock);
    sandgate_edge_wipe(&old);
    sandgate_edge_wipe(new_one);
}

/* A token with a NUL, so that it is a string here. */
typedef struct {
    char text[SANDGATE_V1_TOKEN_LEN + 1];
} token;

static sandgate_header_line line(const char *name, const char *value)
{
    return (sandgate_header_line){name, strlen(name), value, strlen(value)};
}

static sandgate_head get(const char *target, const sandgate_header_line *lines, size_t line_count)
{
    sandgate_head head = {.struct_size = sizeof head, .lines = lines, .line_count = line_count};
    head.method = "GET";
    head.method_len = 3;
    head.target = target;
    head.target_len = strlen(target);
    return head;
}

static int opens(const token *access)
{
    sandgate_header_line lines[] = {line("X-Access-Token", access->text)};
    sandgate_head head = get("/metrics", lines, 1);
    sandgate_allowed allowed = {.struct_size = sizeof allowed};
    pthread_rwlock_rdlock(&lock);
    sandgate_result result = sandgate_controller_guard(&controller, &head, 1800000000, &allowed);
    pthread_rwlock_unlock(&lock);
    return result == SANDGATE_OK;
}

static int passes(const token *traffic)
{
    sandgate_header_line lines[] = {line("Host", "8080-i94gcaqbpvohfr764s5l.e2b.app"),
                                    line(SANDGATE_TRAFFIC_HEADER, traffic->text)};
    sandgate_head head = get("/", lines, 2);
    /* The same edge for both steps, and no lock during the look-up. */
    pthread_rwlock_rdlock(&lock);
    sandgate_edge mine = edge;
    pthread_rwlock_unlock(&lock);
    sandgate_route route = {.struct_size = sizeof route};
    sandgate_passed passed = {.struct_size = sizeof passed};
    sandgate_sandbox_state state = {.struct_size = sizeof state, .restricted = 1};
    sandgate_result result = sandgate_edge_route(&mine, &head, &route);
    if (result == SANDGATE_OK)
        result = sandgate_edge_guard(&mine, &route, &state, &head, 1800000000, &passed);
    sandgate_edge_wipe(&mine);
    return result == SANDGATE_OK;
}

/* A controller of one token or of two. */
static void set_controller(const sandgate_policy *policy, const token *first, const token *second)
{
    sandgate_controller new_one;
    MUST_BE_OK(sandgate_controller_init(BYTES(first->text), policy, &new_one));
    if (second)
        MUST_BE_OK(sandgate_controller_add_token(&new_one, BYTES(second->text)));
    replace_controller(&new_one);
}

/* An edge with or without the seed of version 1, and with none, one or two traffic roots. */
static void set_edge(const sandgate_policy *policy, const sandgate_v1_keyring *v1, const token *first,
                     const token *second)
{
    sandgate_edge new_one;
    sandgate_v2_traffic_keyring roots;
    MUST_BE_OK(sandgate_edge_init(policy, &new_one));
    if (v1)
        MUST_BE_OK(sandgate_edge_set_v1_keyring(&new_one, v1));
    if (first) {
        MUST_BE_OK(sandgate_v2_traffic_keyring_init(BYTES(first->text), &roots));
        if (second)
            MUST_BE_OK(sandgate_v2_traffic_keyring_add(&roots, BYTES(second->text)));
        MUST_BE_OK(sandgate_edge_set_v2_keyring(&new_one, &roots));
        sandgate_v2_traffic_keyring_wipe(&roots);
    }
    replace_edge(&new_one);
}

/* The API server with one or two seeds; the first one derives. */
static sandgate_v2_keyring api(char kid, const char *seed, char second_kid, const char *second)
{
    sandgate_v2_keyring keyring;
    MUST_BE_OK(sandgate_v2_keyring_init(kid, BYTES(seed), &keyring));
    if (second)
        MUST_BE_OK(sandgate_v2_keyring_add(&keyring, second_kid, BYTES(second)));
    return keyring;
}

static token root_of(char kid, const char *seed)
{
    token out = {{0}};
    size_t len;
    MUST_BE_OK(sandgate_v2_traffic_root(kid, BYTES(seed), out.text, sizeof out.text, &len));
    return out;
}

static token access_of(const sandgate_v2_keyring *keyring)
{
    token out = {{0}};
    size_t len;
    MUST_BE_OK(sandgate_v2_keyring_access_token(keyring, id, strlen(id), 0, out.text, sizeof out.text, &len));
    return out;
}

static token traffic_of(const sandgate_v2_keyring *keyring)
{
    token out = {{0}};
    size_t len;
    MUST_BE_OK(sandgate_v2_keyring_traffic_token(keyring, id, strlen(id), 0, out.text, sizeof out.text, &len));
    return out;
}

int main(void)
{
    sandgate_policy v2_alone = {.struct_size = sizeof v2_alone};
    MUST_BE_OK(sandgate_policy_init(SANDGATE_POLICY_V2_ALONE, &v2_alone));
    token root_a = root_of('a', seed_a), root_b = root_of('b', seed_b), access_v1 = {{0}}, traffic_v1 = {{0}};

    /* Steps 1 and 2: version 1 is issued, controllers and SDKs know both. */
    size_t len;
    sandgate_v1_keyring v1;
    MUST_BE_OK(sandgate_v1_keyring_init(BYTES(seed_v1), &v1));
    MUST_BE_OK(sandgate_v1_keyring_access_token(&v1, id, strlen(id), access_v1.text, sizeof access_v1.text, &len));
    MUST_BE_OK(sandgate_v1_keyring_traffic_token(&v1, id, strlen(id), traffic_v1.text, sizeof traffic_v1.text, &len));
    set_controller(NULL, &access_v1, NULL);
    set_edge(NULL, &v1, NULL, NULL);
    MUST(opens(&access_v1) && passes(&traffic_v1));

    /* Step 3: the sandbox gets an access token of version 2, in place of the one of version 1. */
    sandgate_v2_keyring keyring = api('a', seed_a, 0, NULL);
    token access_a = access_of(&keyring), traffic_a = traffic_of(&keyring);
    set_controller(NULL, &access_a, NULL);
    MUST(opens(&access_a) && !opens(&access_v1));

    /* Step 4: edges get the traffic root, then traffic tokens of version 2 are issued. */
    set_edge(NULL, &v1, &root_a, NULL);
    MUST(passes(&traffic_a) && passes(&traffic_v1));

    /* Step 5: only version 2. */
    set_controller(&v2_alone, &access_a, NULL);
    set_edge(&v2_alone, NULL, &root_a, NULL);
    MUST(passes(&traffic_a) && !passes(&traffic_v1));
    sandgate_v1_keyring_wipe(&v1);
    puts("only version 2");

    /* Replace seed a. Step 1: every party that verifies learns b. The API server still issues a. */
    sandgate_v2_keyring_wipe(&keyring);
    keyring = api('a', seed_a, 'b', seed_b);
    set_edge(&v2_alone, NULL, &root_a, &root_b);
    token issued = access_of(&keyring);
    MUST(strcmp(issued.text, access_a.text) == 0 && passes(&traffic_a));

    /* Step 2: controllers get the token of b as well. */
    sandgate_v2_keyring alone = api('b', seed_b, 0, NULL);
    token access_b = access_of(&alone);
    sandgate_v2_keyring_wipe(&alone);
    set_controller(&v2_alone, &access_a, &access_b);
    MUST(opens(&access_a) && opens(&access_b));

    /* Step 3: the API server issues b, and verifies both. */
    sandgate_v2_keyring_wipe(&keyring);
    keyring = api('b', seed_b, 'a', seed_a);
    token traffic_b = traffic_of(&keyring);
    issued = access_of(&keyring);
    MUST(strcmp(issued.text, access_b.text) == 0);
    MUST_BE_OK(sandgate_v2_keyring_verify_access_token(&keyring, id, strlen(id), 0, BYTES(access_a.text)));
    MUST(passes(&traffic_a) && passes(&traffic_b));

    /* Step 5: only b. */
    set_edge(&v2_alone, NULL, &root_b, NULL);
    set_controller(&v2_alone, &access_b, NULL);
    MUST(opens(&access_b) && !opens(&access_a));
    MUST(passes(&traffic_b) && !passes(&traffic_a));
    sandgate_v2_keyring_wipe(&keyring);
    sandgate_controller_wipe(&controller);
    sandgate_edge_wipe(&edge);
    puts("only seed b");
    return 0;
}
