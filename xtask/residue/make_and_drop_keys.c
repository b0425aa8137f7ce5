/* Makes and wipes each kind of key in C. scan.py then searches the memory for remains. */
#include <sandgate.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ID "i94gcaqbpvohfr764s5l"
#define BYTES(text) (text), strlen(text)
#define MUST(call)                                                                                                     \
    do {                                                                                                               \
        sandgate_result must_be_ok = (call);                                                                           \
        if (must_be_ok != SANDGATE_OK) {                                                                               \
            fprintf(stderr, "line %d: %s\n", __LINE__, sandgate_result_message(must_be_ok));                          \
            exit(1);                                                                                                   \
        }                                                                                                              \
    } while (0)

static struct {
    sandgate_v1_keyring v1;
    sandgate_v2_keyring v2;
    sandgate_v2_traffic_keyring traffic, from_root;
    sandgate_v1_file_url_key v1_url;
    sandgate_v2_file_url_key v2_url;
    sandgate_v2_traffic_key traffic_key;
    sandgate_controller controllers[3];
    sandgate_edge edge;
} keys;

/* What the search must find if the program is told to leak. */
static volatile char leaked[8];
static volatile char canary[] = "canary of the residue check";

/* This program must wipe its own copies. */
static void wipe(void *at, size_t size)
{
    volatile unsigned char *bytes = at;
    while (size-- > 0)
        *bytes++ = 0;
}

/* A seed that the program does not contain as text. scan.py computes it too. */
static void fill(char *seed, size_t len, unsigned square, unsigned step, unsigned start)
{
    for (unsigned at = 0; at < len; at++)
        seed[at] = (char)(at * at * square + at * step + start);
}

/* Hands a waiting controller its token. */
static void initialize(sandgate_controller *controller, const char *token)
{
    char body[] = "{\"accessToken\":\"01234567890123456789012345678901234567890123456789\"}";
    sandgate_initialized outcome;
    memcpy(strchr(body, '0'), token, 50);
    MUST(sandgate_controller_init_waiting(NULL, controller));
    MUST(sandgate_controller_initialize(controller, BYTES(body), NULL, 0, &outcome));
    wipe(body, sizeof body);
}

static void make(bool is_leaking)
{
    char token[64], other[64], traffic[64], root[64];
    char v1_seed[32], v2_seed[60];
    size_t len;
    fill(v1_seed, sizeof v1_seed, 7, 31, 11);
    fill(v2_seed, sizeof v2_seed, 13, 57, 101);
    MUST(sandgate_v1_keyring_init(v1_seed, sizeof v1_seed, &keys.v1));
    MUST(sandgate_v2_keyring_init('k', v2_seed, sizeof v2_seed, &keys.v2));
    MUST(sandgate_v1_keyring_access_token(&keys.v1, ID, strlen(ID), token, sizeof token, &len));
    MUST(sandgate_v2_keyring_access_token(&keys.v2, ID, strlen(ID), 0, other, sizeof other, &len));
    MUST(sandgate_v2_keyring_traffic_token(&keys.v2, ID, strlen(ID), 0, traffic, sizeof traffic, &len));
    MUST(sandgate_v2_traffic_root('k', v2_seed, sizeof v2_seed, root, sizeof root, &len));
    MUST(sandgate_v2_keyring_traffic(&keys.v2, &keys.traffic));
    MUST(sandgate_v2_traffic_keyring_init(root, 50, &keys.from_root));
    MUST(sandgate_v1_file_url_key_init(token, 64, &keys.v1_url));
    MUST(sandgate_v2_file_url_key_init(other, 50, &keys.v2_url));
    MUST(sandgate_v2_traffic_key_init(traffic, 50, &keys.traffic_key));
    MUST(sandgate_controller_init(token, 64, NULL, &keys.controllers[0]));
    MUST(sandgate_controller_init(other, 50, NULL, &keys.controllers[1]));
    initialize(&keys.controllers[2], other);
    MUST(sandgate_edge_init(NULL, &keys.edge));
    MUST(sandgate_edge_set_v1_keyring(&keys.edge, &keys.v1));
    MUST(sandgate_edge_set_v2_keyring(&keys.edge, &keys.traffic));
    MUST(sandgate_v1_keyring_verify_access_token(&keys.v1, ID, strlen(ID), token, 64));
    MUST(sandgate_v2_keyring_verify_access_token(&keys.v2, ID, strlen(ID), 0, other, 50));
    for (size_t at = 0; is_leaking && at < sizeof leaked; at++)
        leaked[at] = token[at];
    wipe(v1_seed, sizeof v1_seed);
    wipe(v2_seed, sizeof v2_seed);
    wipe(token, sizeof token);
    wipe(other, sizeof other);
    wipe(traffic, sizeof traffic);
    wipe(root, sizeof root);
}

static void drop(void)
{
    sandgate_v1_keyring_wipe(&keys.v1);
    sandgate_v2_keyring_wipe(&keys.v2);
    sandgate_v2_traffic_keyring_wipe(&keys.traffic);
    sandgate_v2_traffic_keyring_wipe(&keys.from_root);
    sandgate_v1_file_url_key_wipe(&keys.v1_url);
    sandgate_v2_file_url_key_wipe(&keys.v2_url);
    sandgate_v2_traffic_key_wipe(&keys.traffic_key);
    sandgate_controller_wipe(&keys.controllers[0]);
    sandgate_controller_wipe(&keys.controllers[1]);
    sandgate_controller_wipe(&keys.controllers[2]);
    sandgate_edge_wipe(&keys.edge);
}

static void tell(const char *stage)
{
    puts(stage);
    fflush(stdout);
    while (getchar() != '\n' && !feof(stdin))
        continue;
}

int main(int argc, char **argv)
{
    make(argc == 2 && strcmp(argv[1], "leak") == 0);
    tell("live");
    drop();
    tell("dropped");
    return canary[0] == 'c' ? 0 : 1;
}
