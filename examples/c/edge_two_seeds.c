/* An edge proxy during the replacement of the deployment's seed: tokens of the old and of the new seed pass.
 *
 *     edge_two_seeds HOST [E2B-TRAFFIC-ACCESS-TOKEN] */

#include <sandgate.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static const char new_seed[] = "the new seed, at least 16 bytes";
static const char old_seed[] = "a secret of at least 16 bytes";

static sandgate_header_line line(const char *name, const char *value)
{
    return (sandgate_header_line){name, strlen(name), value, strlen(value)};
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return 2;
    /* The first seed derives new tokens, all verify. Remove the old one when its sandboxes are gone. */
    sandgate_v1_keyring keyring;
    sandgate_edge edge;
    if (sandgate_v1_keyring_init(new_seed, strlen(new_seed), &keyring) != SANDGATE_OK ||
        sandgate_v1_keyring_add(&keyring, old_seed, strlen(old_seed)) != SANDGATE_OK ||
        sandgate_edge_init(NULL, &edge) != SANDGATE_OK || sandgate_edge_set_v1_keyring(&edge, &keyring) != SANDGATE_OK)
        return 2;
    sandgate_v1_keyring_wipe(&keyring);

    /* The request as received, with all its header lines. */
    sandgate_header_line lines[] = {line("Host", argv[1]), line(SANDGATE_TRAFFIC_HEADER, argc > 2 ? argv[2] : "")};
    sandgate_head head = {.struct_size = sizeof head, .lines = lines, .line_count = argc > 2 ? 2 : 1};
    head.method = "GET";
    head.method_len = 3;
    head.target = "/";
    head.target_len = 1;
    sandgate_route route = {.struct_size = sizeof route};
    sandgate_result result = sandgate_edge_route(&edge, &head, &route);
    /* Here you look up the sandbox by route.sandbox_id. This one restricts its traffic. */
    sandgate_sandbox_state state = {.struct_size = sizeof state, .restricted = 1};
    sandgate_passed passed = {.struct_size = sizeof passed};
    if (result == SANDGATE_OK)
        result = sandgate_edge_guard(&edge, &route, &state, &head, time(NULL), &passed);
    sandgate_edge_wipe(&edge);

    char body[512];
    size_t len;
    const char *id = route.sandbox_id_len ? route.sandbox_id : NULL;
    if (result == SANDGATE_OK)
        printf("on to port %u of %s\n", route.port, route.sandbox_id);
    else if (sandgate_edge_refusal_json(result, id, route.sandbox_id_len, head.target, head.target_len, body,
                                        sizeof body, &len) == SANDGATE_OK)
        printf("%u %.*s\n", sandgate_result_status(result), (int)len, body);
    return result == SANDGATE_OK ? 0 : 1;
}
