/* The path of a raw request target, only for the log. */
#ifndef TARGET_H
#define TARGET_H

#include <stdbool.h>
#include <stddef.h>

struct route {
    char path[256];
    size_t length;
    bool cut;
};

/* Copies the part before the query, up to the first byte that occurs in none of our routes. */
void route_from_target(struct route *route, const char *target);

#endif
