/* Reads 1 to 8 access tokens, one per line, into a controller, and wipes its own copies. */
#ifndef TOKEN_H
#define TOKEN_H

#include <sandgate.h>
#include <stdbool.h>

#define TOKEN_VARIABLE "SANDGATE_ACCESS_TOKEN"

enum { TOKENS_MAX = 8 };

struct tokens {
    sandgate_controller controller;
    /* Their fingerprints for the log, separated by spaces. */
    char fingerprints[TOKENS_MAX * SANDGATE_FINGERPRINT_SIZE];
};

/* Each returns false and reports the error on stderr; then `out` holds no token. A missing token must never
 * result in an open daemon. */
bool tokens_from_file(const char *path, const sandgate_policy *policy, struct tokens *out);
bool tokens_from_environment(const sandgate_policy *policy, struct tokens *out);

/* As tokens_from_file, but never waits for a writer of a pipe, because the calling thread must handle
 * signals. */
bool tokens_from_file_at_once(const char *path, const sandgate_policy *policy, struct tokens *out);

#endif
