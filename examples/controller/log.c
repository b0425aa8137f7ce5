#include "log.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Writes printable ASCII as it is and everything else as \xNN, so that no client can forge a line or drive a terminal.
 * What does not fit is cut: a log line is no copy of the request. */
static const char *escaped(char *out, size_t size, const char *bytes, size_t len)
{
    size_t used = 0;
    for (size_t i = 0; i < len && used + sizeof "\\xNN" <= size; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        if (byte == '"' || byte == '\\')
            used += (size_t)snprintf(out + used, size - used, "\\%c", byte);
        else if (byte >= 0x20 && byte < 0x7f)
            out[used++] = (char)byte;
        else
            used += (size_t)snprintf(out + used, size - used, "\\x%02x", byte);
    }
    out[used] = '\0';
    return out;
}

void log_request(const struct log_entry *entry)
{
    char method[32], route[600], file[1200];
    /* One call, so that lines of several threads never mix. */
    fprintf(stderr,
            "method=%s route=\"%s%s\" file=\"%s\" status=%u received=%" PRIu64 " sent=%" PRIu64
            " token=%s%s\n",
            escaped(method, sizeof method, entry->method, strlen(entry->method)),
            escaped(route, sizeof route, entry->route->path, entry->route->length), entry->route->cut ? "+" : "",
            escaped(file, sizeof file, entry->file, strlen(entry->file)), entry->status,
            entry->received, entry->sent, entry->token, entry->cut ? " cut" : "");
}
