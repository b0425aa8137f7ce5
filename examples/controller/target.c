#include "target.h"

#include <string.h>

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

void route_from_target(struct route *route, const char *target)
{
    route->length = 0;
    route->truncated = false;
    while (*target != '\0' && *target != '?') {
        char byte = *target++;
        if (byte == '%' && hex_digit(target[0]) >= 0 && hex_digit(target[1]) >= 0) {
            byte = (char)(hex_digit(target[0]) * 16 + hex_digit(target[1]));
            target += 2;
        }
        /* A client that escaped the '?' too would otherwise have its signature logged as a path. */
        if (byte == '?' || route->length == sizeof route->path) {
            route->truncated = true;
            return;
        }
        route->path[route->length++] = byte;
    }
}

bool route_is(const struct route *route, const char *path)
{
    return !route->truncated && route->length == strlen(path) &&
           memcmp(route->path, path, route->length) == 0;
}
