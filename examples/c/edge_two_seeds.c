/* What an edge proxy does while the deployment's seed is being replaced: tokens of the old and of the new one pass.
 *
 *     edge_two_seeds HOST [E2B-TRAFFIC-ACCESS-TOKEN] */

#include <sandgate.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static const char new_seed[] = "the new seed, at least 16 bytes";
static const char old_seed[] = "a secret of at least 16 bytes";

static sandgate_header header(const char *value)
{
    return value ? (sandgate_header){(const uint8_t *)value, strlen(value), 1} : (sandgate_header){NULL, 0, 0};
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return 2;
    /* The first seed derives new tokens, all verify. Drop the old one when its sandboxes are gone. */
    sandgate_v1_keyring keyring;
    sandgate_edge edge;
    if (sandgate_v1_keyring_init((const uint8_t *)new_seed, strlen(new_seed), &keyring) != SANDGATE_OK ||
        sandgate_v1_keyring_add(&keyring, (const uint8_t *)old_seed, strlen(old_seed)) != SANDGATE_OK ||
        sandgate_edge_init(NULL, &edge) != SANDGATE_OK || sandgate_edge_set_v1_keyring(&edge, &keyring) != SANDGATE_OK)
        return 2;
    sandgate_v1_keyring_wipe(&keyring);

    sandgate_header host = header(argv[1]), none = header(NULL);
    sandgate_route route = {.struct_size = sizeof route};
    sandgate_request request = {.struct_size = sizeof request, .traffic_token = header(argc > 2 ? argv[2] : NULL)};
    request.target = (const uint8_t *)"/";
    request.target_len = 1;
    sandgate_result result = sandgate_route_parse(&host, &none, &none, &route);
    /* Here you look the sandbox up, by route.sandbox_id. This one restricts its traffic. */
    sandgate_sandbox_state state = {.struct_size = sizeof state, .restricted = 1};
    sandgate_passed passed = {.struct_size = sizeof passed};
    if (result == SANDGATE_OK)
        result = sandgate_edge_check(&edge, &route, &state, &request, time(NULL), &passed);
    sandgate_edge_wipe(&edge);

    char body[512];
    size_t len;
    const char *id = route.sandbox_id_len ? route.sandbox_id : NULL;
    if (result == SANDGATE_OK)
        printf("on to port %u of %s\n", route.port, route.sandbox_id);
    else if (sandgate_edge_refusal_json(result, id, route.sandbox_id_len, request.target, request.target_len, body,
                                        sizeof body, &len) == SANDGATE_OK)
        printf("%u %.*s\n", sandgate_result_status(result), (int)len, body);
    return result == SANDGATE_OK ? 0 : 1;
}
