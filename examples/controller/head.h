/* The head of a request, read strictly: its header lines for the rule, and the headers that the daemon itself looks at.
 * What another reader could read differently is refused. */
#ifndef HEAD_H
#define HEAD_H

#include "body.h"

#include <sandgate.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Everything points into the bytes that it was read from, and is NUL-terminated there. */
struct head {
    const char *method, *target, *version;  /* "" where there is none */
    sandgate_header_line *lines;  /* all of them; the rule knows which of them decide */
    size_t line_count;
    sandgate_header access_token;  /* for the log */
    struct body_headers body;
    bool body_headers_repeated;
    bool chunked;
    uint64_t content_length;
    bool expects_continue;
    bool keep_alive;  /* the client wants to send another request */
};

/* Looks for the end of a head in the bytes received so far; `scanned` is 0 at first and is then kept between two calls.
 * Returns false when no more bytes can make a head of it: a NUL, a bare CR or a bare LF. Sets `*head_len` to the length
 * of the head with its empty line, or to 0 as long as it is not whole. */
bool head_find(const char *bytes, size_t len, size_t *scanned, size_t *head_len);

enum head_result {
    HEAD_OK,
    /* A proxy in front of us could read another request out of it, or see its body end elsewhere. */
    HEAD_AMBIGUOUS,
    HEAD_NO_MEMORY,
};

/* Reads a head that head_find found whole, and writes NULs into it. head_free follows whatever the result. */
enum head_result head_read(struct head *head, char *bytes, size_t len);
void head_free(struct head *head);

#endif
