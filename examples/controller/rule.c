#include "rule.h"

#include <assert.h>
#include <string.h>
#include <time.h>

/* False if the text does not fit: it is longer than any path of the kernel. */
static bool decode(const sandgate_text *text, char *out, size_t size, size_t *len)
{
    return sandgate_text_decode(text, out, size, len) == SANDGATE_OK;
}

bool rule_path_is(const char *target, const char *path)
{
    const sandgate_request request = {
        .struct_size = sizeof request,
        .target = target,
        .target_len = strlen(target),
    };
    return sandgate_request_path_is(&request, path, strlen(path));
}

void rule_replace(struct rule *rule, sandgate_controller *controller)
{
    pthread_rwlock_wrlock(&rule->lock);
    sandgate_controller old = rule->controller;
    rule->controller = *controller;
    pthread_rwlock_unlock(&rule->lock);
    sandgate_controller_wipe(&old);
    sandgate_controller_wipe(controller);
}

void rule_wipe(struct rule *rule)
{
    pthread_rwlock_wrlock(&rule->lock);
    sandgate_controller_wipe(&rule->controller);
    pthread_rwlock_unlock(&rule->lock);
}

sandgate_result rule_initialize(struct rule *rule, const char *body, size_t len, const char *expected_hash,
                                size_t expected_hash_len, sandgate_initialized *outcome)
{
    pthread_rwlock_wrlock(&rule->lock);
    sandgate_result result = sandgate_controller_initialize(&rule->controller, body, len, expected_hash,
                                                            expected_hash_len, outcome);
    pthread_rwlock_unlock(&rule->lock);
    return result;
}

static sandgate_result guard(struct rule *rule, const sandgate_head *head, sandgate_allowed *allowed)
{
    pthread_rwlock_rdlock(&rule->lock);
    sandgate_result result = sandgate_controller_guard(&rule->controller, head, time(NULL), allowed);
    pthread_rwlock_unlock(&rule->lock);
    return result;
}

static struct limits limits_of(const sandgate_allowed *allowed)
{
    struct limits limits = {
        .has_max_bytes = allowed->has_max_bytes != 0,
        .max_bytes = allowed->max_bytes,
        .has_sha256 = allowed->has_content_sha256 != 0,
    };
    static_assert(sizeof limits.sha256 == sizeof allowed->content_sha256, "both are SHA-256");
    memcpy(limits.sha256, allowed->content_sha256, sizeof limits.sha256);
    return limits;
}

sandgate_result rule_check(struct rule *rule, const char *method, const char *target, const sandgate_header_line *lines,
                           size_t line_count, struct verdict *verdict)
{
    const sandgate_head head = {
        .struct_size = sizeof head,
        .method = method,
        .method_len = strlen(method),
        .target = target,
        .target_len = strlen(target),
        .lines = lines,
        .line_count = line_count,
    };
    sandgate_allowed allowed = {.struct_size = sizeof allowed};
    sandgate_result result = guard(rule, &head, &allowed);
    if (result != SANDGATE_OK)
        return result;

    verdict->open = allowed.basis == SANDGATE_ALLOWED_OPEN;
    verdict->preflight = allowed.basis == SANDGATE_ALLOWED_PREFLIGHT;
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
    verdict->limits = limits_of(&allowed);
    return SANDGATE_OK;
}
