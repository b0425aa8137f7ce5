/* A program that links two Rust libraries: sandgate and second.rs. */
#include <sandgate.h>
#include <string.h>

int second_catches_a_panic(void);

int main(void)
{
    sandgate_controller controller;
    sandgate_request request = {.struct_size = sizeof request, .method = "GET", .method_len = 3};
    request.target = "/files?path=%2Fa";
    request.target_len = strlen("/files?path=%2Fa");
    sandgate_allowed allowed = {.struct_size = sizeof allowed};
    if (!second_catches_a_panic())
        return 1;
    if (sandgate_controller_init("a token", strlen("a token"), NULL, &controller) != SANDGATE_OK)
        return 2;
    if (sandgate_result_status(sandgate_controller_check(&controller, &request, 0, &allowed)) != 401)
        return 3;
    return second_catches_a_panic() ? 0 : 4;
}
