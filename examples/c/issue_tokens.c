/* An API server at the creation of a sandbox: decides which credentials it gets, and derives them from the
 * seed.
 *
 *     issue_tokens SANDBOX_ID */

#include <sandgate.h>
#include <stdio.h>
#include <string.h>

static const char seed[] = "a secret of at least 16 bytes"; /* of the whole deployment; from your secret store */

int main(int argc, char **argv)
{
    const char *id = argc > 1 ? argv[1] : "i94gcaqbpvohfr764s5l";
    char access_token[64], traffic_token[64];
    size_t len;

    /* The client requested restricted traffic and did not set `secure`, which is on by default. */
    int32_t public_traffic = 0;
    sandgate_creation_options asked = {
        .struct_size = sizeof asked,
        .allow_public_traffic = &public_traffic,
        .envd_version = "0.6.4", /* of the controller in the template */
        .envd_version_len = 5,
    };
    sandgate_credentials issue = {.struct_size = sizeof issue};
    sandgate_result result = sandgate_creation_decide(&asked, &issue);

    sandgate_v1_keyring keyring;
    if (result == SANDGATE_OK)
        result = sandgate_v1_keyring_init(seed, strlen(seed), &keyring);
    if (result == SANDGATE_OK && issue.access_token)
        result = sandgate_v1_keyring_access_token(&keyring, id, strlen(id), access_token, sizeof access_token, &len);
    if (result == SANDGATE_OK && issue.traffic_token)
        result = sandgate_v1_keyring_traffic_token(&keyring, id, strlen(id), traffic_token, sizeof traffic_token, &len);
    sandgate_v1_keyring_wipe(&keyring);
    if (result != SANDGATE_OK) {
        fprintf(stderr, "%s\n", sandgate_result_message(result));
        return 1;
    }
    if (issue.access_token)
        printf("envdAccessToken    %.*s\n", (int)sizeof access_token, access_token);
    if (issue.traffic_token)
        printf("trafficAccessToken %.*s\n", (int)sizeof traffic_token, traffic_token);
    return 0;
}
