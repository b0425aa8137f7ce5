/* A client of a sandbox: signs a URL with which anyone can download one file within a minute.
 *
 *     sign_url PATH [EXPIRES] */

#include <sandgate.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char token[] = "tok"; /* the access token that came with the sandbox */
static const char base[] = "https://49983-i94gcaqbpvohfr764s5l.e2b.app";

int main(int argc, char **argv)
{
    const char *path = argc > 1 ? argv[1] : "/home/user/report.pdf";
    int64_t expires = argc > 2 ? strtoll(argv[2], NULL, 10) : time(NULL) + 60;
    sandgate_v1_file_url_key key;
    sandgate_result result = sandgate_v1_file_url_key_init(token, strlen(token), &key);

    sandgate_v1_file_url url = {
        .struct_size = sizeof url,
        .operation = SANDGATE_OPERATION_READ,
        .path = path,
        .path_len = strlen(path),
        .user = "user",
        .user_len = 4,
        .expires = &expires,
    };
    char *text = NULL;
    size_t len = 0;
    if (result == SANDGATE_OK) {
        /* Without a buffer it returns the size. */
        result = sandgate_v1_file_url_write(&key, base, strlen(base), &url, NULL, 0, &len);
        if (result == SANDGATE_BUFFER_TOO_SMALL && (text = malloc(len)) != NULL)
            result = sandgate_v1_file_url_write(&key, base, strlen(base), &url, text, len, &len);
    }
    sandgate_v1_file_url_key_wipe(&key);
    if (result == SANDGATE_OK)
        printf("%.*s\n", (int)len, text);
    else
        fprintf(stderr, "%s\n", sandgate_result_message(result));
    free(text);
    return result == SANDGATE_OK ? 0 : 1;
}
