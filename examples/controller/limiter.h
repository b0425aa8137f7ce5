/* What a signature says about the bytes of an upload: how many at most, and which. Both are met while the bytes go by,
 * so that what is not allowed is never whole on the disk. */
#ifndef LIMITER_H
#define LIMITER_H

#include "reply.h"

#include <nettle/sha2.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct limits {
    bool has_max_bytes, has_sha256;
    uint64_t max_bytes;
    uint8_t sha256[SHA256_DIGEST_SIZE];
};

/* Counts what is written, after content decoding, all parts of a form together. */
struct limiter {
    struct limits limits;
    uint64_t written;
    struct sha256_ctx hash;
};

void limiter_init(struct limiter *limiter, const struct limits *limits);

/* These answer with false and the reply to the client when the upload cannot go on. */

/* Whether so many bytes more may be written. */
bool limiter_has_room(const struct limiter *limiter, uint64_t len, struct reply *failure);
/* The same, and counts these. */
bool limiter_take(struct limiter *limiter, const void *bytes, size_t len, struct reply *failure);
/* All bytes were taken: whether they are those that were signed. To be asked once. */
bool limiter_finish(struct limiter *limiter, struct reply *failure);

#endif
