#include <sandgate.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

int main(void)
{
    /* A controller requires its access token in the header, or a signature in the query. */
    const char *token = "the sandbox's access token", *target = "/files?path=%2Fa.txt&signature=v1_wrong";
    sandgate_controller controller;
    if (sandgate_controller_init(token, strlen(token), NULL, &controller) != SANDGATE_OK)
        return 1;

    sandgate_request request = {.struct_size = sizeof request, .method = "GET", .method_len = 3};
    request.target = target; /* as received on the request line, still percent-encoded */
    request.target_len = strlen(target);
    sandgate_allowed allowed = {.struct_size = sizeof allowed};
    sandgate_result result = sandgate_controller_check(&controller, &request, time(NULL), &allowed);
    if (result != SANDGATE_OK) /* prints: 401 invalid signature */
        printf("%d %s\n", sandgate_result_status(result), sandgate_result_message(result));
    sandgate_controller_wipe(&controller);
}
