/* The path of a raw request target, for the log. Nothing is decided by it. */
#ifndef TARGET_H
#define TARGET_H

#include <stdbool.h>
#include <stddef.h>

struct route {
    char path[256];
    size_t length;
    bool cut;
};

/* Takes what stands before the query, up to the first byte that none of our routes has. */
void route_from_target(struct route *route, const char *target);

#endif
