/* Wire format v2: issues and verifies a URL for uploads to one directory and a pass to one port. */

#include <sandgate.h>
#include <stdio.h>
#include <string.h>

#define BYTES(text) (text), strlen(text)

static const char seed[] = "a secret of at least 32 bytes, of the whole deployment";
static const char id[] = "i94gcaqbpvohfr764s5l";
static const int64_t now = 1800000000;

int main(void)
{
    char access[SANDGATE_V2_TOKEN_LEN], traffic[SANDGATE_V2_TOKEN_LEN], pass[SANDGATE_V2_PASS_MAX], text[512];
    size_t len, pass_len;
    sandgate_v2_keyring keyring;
    sandgate_v2_file_url_key key;
    sandgate_v2_traffic_key traffic_key;
    if (sandgate_v2_keyring_init('a', BYTES(seed), &keyring) != SANDGATE_OK ||
        sandgate_v2_keyring_access_token(&keyring, id, strlen(id), 0, access, sizeof access, &len) != SANDGATE_OK ||
        sandgate_v2_keyring_traffic_token(&keyring, id, strlen(id), 0, traffic, sizeof traffic, &len) != SANDGATE_OK ||
        sandgate_v2_file_url_key_init(access, sizeof access, &key) != SANDGATE_OK ||
        sandgate_v2_traffic_key_init(traffic, sizeof traffic, &traffic_key) != SANDGATE_OK)
        return 1;

    const uint64_t max_bytes = 1 << 20;
    sandgate_v2_file_url url = {.struct_size = sizeof url, .operation = SANDGATE_OPERATION_WRITE, .expires = now + 60};
    url.directory = "/inbox/";
    url.directory_len = 7;
    url.max_bytes = &max_bytes;
    if (sandgate_v2_file_url_write(&key, "x", 1, &url, text, sizeof text, &len) != SANDGATE_OK)
        return 1;

    /* The client adds the path; the controller has the access token, and verifies the query. */
    const char *query = strchr(text, '?') + 1, *path = "&path=/inbox/a.txt";
    memcpy(text + len, path, strlen(path));
    sandgate_allowed allowed = {.struct_size = sizeof allowed};
    sandgate_result result = sandgate_v2_file_url_verify_query(
        &key, SANDGATE_OPERATION_WRITE, query, (size_t)(text + len - query) + strlen(path), NULL, 0, now,
        &allowed);
    printf("%s: %u bytes at most\n", sandgate_result_message(result), (unsigned)allowed.max_bytes);

    int64_t end = 0;
    if (sandgate_v2_pass_issue(&traffic_key, 8080, now + 60, NULL, 0, pass, sizeof pass, &pass_len) != SANDGATE_OK)
        return 1;
    result = sandgate_v2_pass_verify(&traffic_key, pass, pass_len, 8080, NULL, 0, now, &end);
    printf("%s: for %d seconds\n", sandgate_result_message(result), (int)(end - now));
    result = sandgate_v2_pass_verify(&traffic_key, pass, pass_len, 8081, NULL, 0, now, &end);
    printf("%s\n", sandgate_result_message(result));
    sandgate_v2_keyring_wipe(&keyring);
    sandgate_v2_file_url_key_wipe(&key);
    sandgate_v2_traffic_key_wipe(&traffic_key);
    return 0;
}
