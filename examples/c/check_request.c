/* A controller inside a sandbox: checks a request, then acts on the grant or sends the refusal.
 *
 *     check_request METHOD TARGET [X-ACCESS-TOKEN] */

#include <sandgate.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static const char token[] = "tok"; /* the sandbox's access token, passed to it at the start */

int main(int argc, char **argv)
{
    if (argc < 3)
        return 2;
    sandgate_controller controller;
    if (sandgate_controller_init(token, strlen(token), NULL, &controller) != SANDGATE_OK)
        return 2;

    sandgate_request request = {
        .struct_size = sizeof request,
        .method = argv[1],
        .method_len = strlen(argv[1]),
        .target = argv[2], /* as received on the request line */
        .target_len = strlen(argv[2]),
    };
    if (argc > 3)
        request.access_token = (sandgate_header){argv[3], strlen(argv[3]), 1};

    sandgate_allowed allowed = {.struct_size = sizeof allowed};
    sandgate_result result = sandgate_controller_check(&controller, &request, time(NULL), &allowed);
    char path[4096], body[256];
    size_t len;
    if (result == SANDGATE_OK)
        result = sandgate_text_decode(&allowed.path, path, sizeof path, &len);
    if (result == SANDGATE_OK) /* The path is the signed bytes: not a C string, and not yet safe to open. */
        printf("allowed%s: %.*s\n", allowed.operation == SANDGATE_OPERATION_WRITE ? " to write" : "", (int)len, path);
    else if (sandgate_refusal_json(result, body, sizeof body, &len) == SANDGATE_OK)
        printf("%u %.*s\n", sandgate_result_status(result), (int)len, body);
    else
        fprintf(stderr, "%s\n", sandgate_result_message(result));
    sandgate_controller_wipe(&controller);
    return result == SANDGATE_OK ? 0 : 1;
}
