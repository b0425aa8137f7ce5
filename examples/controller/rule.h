/* The one question asked of every request: may it pass, and to which file? sandgate decides, nothing here does. */
#ifndef RULE_H
#define RULE_H

#include <limits.h>
#include <sandgate.h>
#include <stdbool.h>
#include <stddef.h>

enum operation {
    OPERATION_NONE,  /* not a file request, or one whose query cannot be read */
    OPERATION_READ,
    OPERATION_WRITE,
};

/* The file that an allowed request names, as the rule decoded it. Nothing else of the query is ever looked at. */
struct verdict {
    enum operation operation;
    bool too_long;
    char path[PATH_MAX];
    size_t path_len;
    char user[NAME_MAX];
    size_t user_len;
};

/* SANDGATE_OK and a verdict, or the refusal. `target` is the raw request target, never decoded by anybody. */
sandgate_result rule_check(const sandgate_controller *rule, const char *method, const char *target,
                           sandgate_header access_token, struct verdict *verdict);

/* Whether the path of a raw target, decoded, is this one, just as the rule reads it. */
bool rule_path_is(const char *target, const char *path);

#endif
