/* Where the access tokens come from: 1 to 8 of them, one a line. They go straight into a controller and are wiped
 * here. */
#ifndef TOKEN_H
#define TOKEN_H

#include <sandgate.h>
#include <stdbool.h>

#define TOKEN_VARIABLE "SANDGATE_ACCESS_TOKEN"

enum { TOKENS_MAX = 8 };

struct tokens {
    sandgate_controller controller;
    /* What a log may show of them, with a space between two. */
    char fingerprints[TOKENS_MAX * SANDGATE_FINGERPRINT_SIZE];
};

/* Each says on stderr what is wrong when it returns false, and `out` holds no token then: a token that was meant to be
 * there and is not must never end in an open daemon. */
bool tokens_from_file(const char *path, const sandgate_policy *policy, struct tokens *out);
bool tokens_from_environment(const sandgate_policy *policy, struct tokens *out);

/* As tokens_from_file, but never waits for somebody to write a pipe: the thread that asks has signals to wait for. */
bool tokens_from_file_at_once(const char *path, const sandgate_policy *policy, struct tokens *out);

#endif
