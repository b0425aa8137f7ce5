/* One line on stderr for each request. Of a secret it knows only the fingerprint, of a query nothing.
 *
 * Lines wait in memory for a thread of their own, so that nobody who logs ever waits for somebody to read stderr. What
 * does not fit is dropped and counted, and the log says how many lines that were. */
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
    const char *token;  /* fingerprint of the token presented, or why there is none */
    bool cut;           /* the connection ended before the request did */
};

/* Returns 0, or an errno value. Before it, and after a failure, lines are written at once. */
int log_start(void);

/* Writes what waits, but stops trying after a short time. */
void log_stop(void);

void log_request(const struct log_entry *entry);

/* A line about the daemon itself: "controller: " and the message. */
void log_message(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
