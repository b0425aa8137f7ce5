/* The path of a raw request target, decoded once: for the routes that are not about files, and for the log. */
#ifndef TARGET_H
#define TARGET_H

#include <stdbool.h>
#include <stddef.h>

struct route {
    char path[256];
    size_t length;
    bool truncated;
};

/* Decodes what stands before the query; bad escapes stay as they are written. */
void route_from_target(struct route *route, const char *target);

bool route_is(const struct route *route, const char *path);

#endif
