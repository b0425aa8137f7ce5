/* One line on stderr per request. It shows only the fingerprint of a secret, and nothing of a query.
 *
 * Lines are queued in memory for a separate thread, so that no caller waits for a reader of stderr. Lines
 * that do not fit are dropped and counted, and the log reports their number. */
#ifndef LOG_H
#define LOG_H

#include "target.h"

#include <stdbool.h>
#include <stdint.h>

struct log_entry {
    const char *method;
    const struct route *route;
    const char *file;   /* the file acted on, "" when none */
    unsigned status;    /* 0: not answered */
    uint64_t received;  /* bytes of the request's body */
    uint64_t sent;      /* bytes of the answer's body */
    const char *token;  /* fingerprint of the presented token, or why there is none */
    bool cut;           /* the connection ended before the request did */
};

/* Returns 0, or an errno value. Before the call, and after a failure, lines are written directly. */
int log_start(void);

/* Writes queued lines, but gives up after a short time. */
void log_stop(void);

void log_request(const struct log_entry *entry);

/* A line about the daemon itself: "controller: " and the message. */
void log_message(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
