/* The head of a request, parsed strictly: its header lines for the rule, and the headers that the daemon
 * itself uses. A head that another parser could read differently is refused. */
#ifndef HEAD_H
#define HEAD_H

#include "body.h"

#include <sandgate.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All pointers lead into the parsed bytes, where the texts are NUL-terminated. */
struct head {
    const char *method, *target, *version;  /* "" where there is none */
    sandgate_header_line *lines;  /* all of them; the rule selects the deciding ones */
    size_t line_count;
    sandgate_header access_token;  /* for the log */
    struct body_headers body;
    bool body_headers_repeated;
    bool chunked;
    uint64_t content_length;
    bool expects_continue;
    bool keep_alive;  /* the client wants to send another request */
};

/* Searches the received bytes for the end of a head. `scanned` starts at 0 and is kept between calls. Returns
 * false if the bytes cannot become a head: a NUL, a bare CR or a bare LF. Sets `*head_len` to the length of
 * the head with its empty line, or to 0 while it is incomplete. */
bool head_find(const char *bytes, size_t len, size_t *scanned, size_t *head_len);

enum head_result {
    HEAD_OK,
    /* A proxy in front of us could read another request from it, or see another end of its body. */
    HEAD_AMBIGUOUS,
    HEAD_NO_MEMORY,
};

/* Parses a head that head_find found complete, and writes NULs into it. Call head_free after any result. */
enum head_result head_read(struct head *head, char *bytes, size_t len);
void head_free(struct head *head);

#endif
