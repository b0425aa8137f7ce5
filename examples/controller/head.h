/* The head of a request: its header lines for the rule, the headers that the daemon itself looks at, and whether every
 * reader finds the same end of it. */
#ifndef HEAD_H
#define HEAD_H

#include "body.h"

#include <microhttpd.h>
#include <sandgate.h>
#include <stdbool.h>
#include <stddef.h>

/* As MHD hands them to its callbacks; they point into its buffer. */
struct request_line {
    const char *method, *target, *version;
    size_t target_len;  /* as it came: by now MHD has cut it into arguments */
};

struct head {
    sandgate_header_line *lines;  /* all of them; the rule knows which of them decide */
    size_t line_count;
    sandgate_header access_token;  /* for the log */
    struct body_headers body;
    bool expects_continue;
    /* A proxy in front of us could read another request out of it, or see its body end elsewhere. */
    bool ambiguous;
    bool body_headers_repeated;
};

/* False without memory, and then there is nothing to free. What it keeps of the connection stays valid for as long as the
 * request. */
bool head_read(struct head *head, struct MHD_Connection *connection, const struct request_line *line);
void head_free(struct head *head);

#endif
