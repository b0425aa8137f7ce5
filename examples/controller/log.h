/* One line on stderr for each request. Of a secret it knows only the fingerprint, of a query nothing. */
#ifndef LOG_H
#define LOG_H

#include "target.h"

#include <stdbool.h>
#include <stdint.h>

struct log_entry {
    const char *method;
    const struct route *route;
    const char *file;   /* the file acted on, "" when none */
    unsigned status;    /* 0: none of ours; broken HTTP is answered by the library */
    uint64_t received;  /* bytes of the request's body */
    uint64_t sent;      /* bytes of the answer's body */
    const char *token;  /* fingerprint of the token presented, or why there is none */
    bool cut;           /* the connection ended before the request did */
};

void log_request(const struct log_entry *entry);

#endif
