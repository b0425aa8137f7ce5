/* Makes, uses and wipes each kind of key in C. scan.py then searches the memory for remains. */
#include <sandgate.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ID "i94gcaqbpvohfr764s5l"
#define NOW 1800000000
#define END 1800000060
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
    sandgate_webhook_verifier verifier;
    sandgate_webhook_verification verification;
    char access[2][64], stored[64], secret[40];
} keys;

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

static void make(void)
{
    char *token = keys.access[0], *other = keys.access[1], *traffic = keys.stored;
    char root[64], v1_seed[32], v2_seed[60], long_secret[90];
    size_t len;
    fill(v1_seed, sizeof v1_seed, 7, 31, 11);
    fill(v2_seed, sizeof v2_seed, 13, 57, 101);
    MUST(sandgate_v1_keyring_init(v1_seed, sizeof v1_seed, &keys.v1));
    MUST(sandgate_v2_keyring_init('k', v2_seed, sizeof v2_seed, &keys.v2));
    MUST(sandgate_v1_keyring_access_token(&keys.v1, ID, strlen(ID), token, 64, &len));
    MUST(sandgate_v2_keyring_access_token(&keys.v2, ID, strlen(ID), 0, other, 64, &len));
    MUST(sandgate_v2_keyring_traffic_token(&keys.v2, ID, strlen(ID), 0, traffic, 64, &len));
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
    fill(keys.secret, sizeof keys.secret, 17, 43, 5);
    fill(long_secret, sizeof long_secret, 19, 37, 3);
    MUST(sandgate_webhook_verifier_init(keys.secret, sizeof keys.secret, &keys.verifier));
    MUST(sandgate_webhook_verifier_add(&keys.verifier, long_secret, sizeof long_secret));
    wipe(v1_seed, sizeof v1_seed);
    wipe(v2_seed, sizeof v2_seed);
    wipe(root, sizeof root);
    wipe(long_secret, sizeof long_secret);
}

static void derive_and_verify(void)
{
    char token[64];
    size_t len;
    MUST(sandgate_v1_keyring_access_token(&keys.v1, ID, strlen(ID), token, sizeof token, &len));
    MUST(sandgate_v1_keyring_verify_access_token(&keys.v1, ID, strlen(ID), token, len));
    MUST(sandgate_v2_keyring_access_token(&keys.v2, ID, strlen(ID), 0, token, sizeof token, &len));
    MUST(sandgate_v2_keyring_verify_access_token(&keys.v2, ID, strlen(ID), 0, token, len));
    MUST(sandgate_v2_traffic_keyring_traffic_token(&keys.from_root, ID, strlen(ID), 0, token, sizeof token, &len));
    MUST(sandgate_v2_traffic_keyring_verify_traffic_token(&keys.traffic, ID, strlen(ID), 0, token, len));
    wipe(token, sizeof token);
}

static void sign_file_urls(void)
{
    char signature[64];
    size_t len;
    sandgate_v1_file_url v1 = {.struct_size = sizeof v1, .operation = SANDGATE_OPERATION_READ, .path = "/a", .path_len = 2};
    sandgate_v2_file_url v2 = {.struct_size = sizeof v2, .operation = SANDGATE_OPERATION_READ, .path = "/a", .path_len = 2,
                               .expires = END};
    MUST(sandgate_v1_file_url_sign(&keys.v1_url, &v1, signature, sizeof signature, &len));
    MUST(sandgate_v1_file_url_verify(&keys.v1_url, &v1, signature, len, NOW));
    MUST(sandgate_v2_file_url_sign(&keys.v2_url, &v2, signature, sizeof signature, &len));
    MUST(sandgate_v2_file_url_verify(&keys.v2_url, &v2, signature, len, NOW));
}

/* With a pass, with the derived token and with the stored one. */
static void pass_the_edge(void)
{
    char pass[SANDGATE_V2_PASS_MAX];
    size_t len;
    sandgate_route route = {.struct_size = sizeof route, .port = 8080, .sandbox_id_len = strlen(ID)};
    sandgate_sandbox_state state = {.struct_size = sizeof state, .restricted = 1};
    sandgate_request request = {.struct_size = sizeof request, .method = "GET", .method_len = 3, .target = "/", .target_len = 1};
    sandgate_passed passed = {.struct_size = sizeof passed};
    memcpy(route.sandbox_id, ID, strlen(ID));
    MUST(sandgate_v2_pass_issue(&keys.traffic_key, 8080, END, NULL, 0, pass, sizeof pass, &len));
    request.traffic_token = (sandgate_header){pass, len, 1};
    MUST(sandgate_edge_check(&keys.edge, &route, &state, &request, NOW, &passed));
    request.traffic_token = (sandgate_header){keys.stored, 50, 1};
    MUST(sandgate_edge_check(&keys.edge, &route, &state, &request, NOW, &passed));
    state.traffic_token = keys.stored;
    state.traffic_token_len = 50;
    MUST(sandgate_edge_check(&keys.edge, &route, &state, &request, NOW, &passed));
}

static void ask_controllers(void)
{
    sandgate_request request = {.struct_size = sizeof request, .method = "GET", .method_len = 3, .target = "/a", .target_len = 2};
    sandgate_allowed allowed = {.struct_size = sizeof allowed};
    for (int at = 0; at < 2; at++) {
        request.access_token = (sandgate_header){keys.access[at], at == 0 ? 64 : 50, 1};
        MUST(sandgate_controller_check(&keys.controllers[at], &request, NOW, &allowed));
    }
}

static void verify_webhooks(void)
{
    char signature[SANDGATE_WEBHOOK_SIGNATURE_LEN];
    size_t len;
    sandgate_header_line line = {BYTES("e2b-signature"), signature, sizeof signature};
    MUST(sandgate_webhook_sign(keys.secret, sizeof keys.secret, BYTES("body"), signature, sizeof signature, &len));
    MUST(sandgate_webhook_verify(&keys.verifier, &line, 1, BYTES("body")));
    MUST(sandgate_webhook_start(&keys.verifier, &line, 1, &keys.verification));
    MUST(sandgate_webhook_update(&keys.verification, BYTES("body")));
    MUST(sandgate_webhook_finish(&keys.verification));
}

/* Calls a function further down the stack, out of reach of other calls. */
__attribute__((noinline)) static void below(size_t rooms, void (*run)(void))
{
    char room[16384];
    wipe(room, sizeof room);
    if (rooms == 0)
        run();
    else
        below(rooms - 1, run);
    wipe(room, 1);
}

/* Uses each key, in a place of its own on the stack, so that what an operation leaves there is seen. */
static void use_each(void)
{
    static void (*const uses[])(void) = {derive_and_verify, sign_file_urls, pass_the_edge, ask_controllers, verify_webhooks};
    for (size_t at = sizeof uses / sizeof *uses; at-- > 0;)
        below(at + 1, uses[at]);
}

/* If it leaks, one key is not wiped: the search must find it. */
static void drop(bool is_leaking)
{
    sandgate_v1_keyring_wipe(&keys.v1);
    sandgate_v2_keyring_wipe(&keys.v2);
    sandgate_v2_traffic_keyring_wipe(&keys.traffic);
    sandgate_v2_traffic_keyring_wipe(&keys.from_root);
    if (!is_leaking)
        sandgate_v1_file_url_key_wipe(&keys.v1_url);
    sandgate_v2_file_url_key_wipe(&keys.v2_url);
    sandgate_v2_traffic_key_wipe(&keys.traffic_key);
    sandgate_controller_wipe(&keys.controllers[0]);
    sandgate_controller_wipe(&keys.controllers[1]);
    sandgate_controller_wipe(&keys.controllers[2]);
    sandgate_edge_wipe(&keys.edge);
    sandgate_webhook_verifier_wipe(&keys.verifier);
    sandgate_webhook_verification_wipe(&keys.verification);
    wipe(keys.access, sizeof keys.access);
    wipe(keys.stored, sizeof keys.stored);
    wipe(keys.secret, sizeof keys.secret);
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
    make();
    use_each();
    tell("live");
    drop(argc == 2 && strcmp(argv[1], "leak") == 0);
    tell("dropped");
    return canary[0] == 'c' ? 0 : 1;
}
