#include "limiter.h"

#include <string.h>

void limiter_init(struct limiter *limiter, const struct limits *limits)
{
    *limiter = (struct limiter){.limits = *limits};
    sha256_init(&limiter->hash);
}

bool limiter_has_room(const struct limiter *limiter, uint64_t len, struct reply *failure)
{
    const struct limits *limits = &limiter->limits;
    /* `written` never exceeds the limit, so the difference is not negative. */
    if (!limits->has_max_bytes || len <= limits->max_bytes - limiter->written)
        return true;
    return reply_fail(failure, reply_too_large(limits->max_bytes));
}

bool limiter_take(struct limiter *limiter, const void *bytes, size_t len, struct reply *failure)
{
    if (!limiter_has_room(limiter, len, failure))
        return false;
    limiter->written += len;
    if (limiter->limits.has_sha256)
        sha256_update(&limiter->hash, len, bytes);
    return true;
}

bool limiter_finish(struct limiter *limiter, struct reply *failure)
{
    if (!limiter->limits.has_sha256)
        return true;
    uint8_t digest[SHA256_DIGEST_SIZE];
    sha256_digest(&limiter->hash, sizeof digest, digest);
    /* Not a secret: it is part of the URL. */
    if (memcmp(digest, limiter->limits.sha256, sizeof digest) == 0)
        return true;
    return reply_fail(failure, reply_error(HTTP_UNPROCESSABLE_CONTENT, "content does not have the signed SHA-256"));
}
