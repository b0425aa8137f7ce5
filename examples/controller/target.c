#include "target.h"

/* The characters of our routes. None of them could separate a path from a query, even escaped several times.
   */
static bool is_plain(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '/' || c == '.' ||
           c == '_' || c == '-';
}

void route_from_target(struct route *route, const char *target)
{
    route->length = 0;
    route->cut = false;
    while (*target != '\0' && *target != '?') {
        char byte = *target++;
        /* A client that wrote its '?' as "%3F" or as '&' would otherwise have its signature logged as a path. */
        if (!is_plain(byte) || route->length == sizeof route->path) {
            route->cut = true;
            return;
        }
        route->path[route->length++] = byte;
    }
}
