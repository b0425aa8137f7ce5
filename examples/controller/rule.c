#include "rule.h"

#include <string.h>
#include <time.h>

/* False when the text does not fit: longer than any path the kernel takes. */
static bool decode(const sandgate_text *text, char *out, size_t size, size_t *len)
{
    return sandgate_text_decode(text, (uint8_t *)out, size, len) == SANDGATE_OK;
}

static sandgate_request make_request(const char *method, const char *target)
{
    return (sandgate_request){
        .struct_size = sizeof(sandgate_request),
        .method = (const uint8_t *)method,
        .method_len = strlen(method),
        .target = (const uint8_t *)target,
        .target_len = strlen(target),
    };
}

bool rule_path_is(const char *target, const char *path)
{
    sandgate_request request = make_request("", target);
    return sandgate_request_path_is(&request, path, strlen(path));
}

sandgate_result rule_check(const sandgate_controller *rule, const char *method, const char *target,
                           sandgate_header access_token, struct verdict *verdict)
{
    sandgate_request request = make_request(method, target);
    request.access_token = access_token;
    sandgate_allowed allowed = {.struct_size = sizeof allowed};
    sandgate_result result = sandgate_controller_check(rule, &request, time(NULL), &allowed);
    if (result != SANDGATE_OK)
        return result;

    switch (allowed.operation) {
    case SANDGATE_OPERATION_READ:
        verdict->operation = OPERATION_READ;
        break;
    case SANDGATE_OPERATION_WRITE:
        verdict->operation = OPERATION_WRITE;
        break;
    default:
        verdict->operation = OPERATION_NONE;
        return SANDGATE_OK;
    }
    verdict->too_long =
        !decode(&allowed.path, verdict->path, sizeof verdict->path, &verdict->path_len) ||
        !decode(&allowed.user, verdict->user, sizeof verdict->user, &verdict->user_len);
    return SANDGATE_OK;
}
