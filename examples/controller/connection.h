/* One client's connection: its buffer, and reading and writing against a clock. Nothing here waits longer than the
 * limits, or longer than until server_stop shuts the socket down. */
#ifndef CONNECTION_H
#define CONNECTION_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    CONNECTION_BUFFER = 128 * 1024,  /* also bounds a request's head */
};

/* In seconds. */
struct timeouts {
    uint32_t idle;    /* without a byte: within a body or an answer, and between two requests */
    uint32_t head;    /* for a whole request head */
    uint32_t body;    /* for a whole request body */
    uint32_t answer;  /* until the client has taken a whole answer */
};

struct connection {
    int fd;
    const struct timeouts *timeouts;
    char *buffer;
    size_t start, end;  /* what is received and not yet used */
    int64_t deadline;   /* of the phase, in milliseconds of the monotonic clock */
    /* Other threads look at these to find the slowest connection. */
    _Atomic int64_t since;   /* when the phase began */
    _Atomic uint64_t moved;  /* bytes received or sent in it */
};

/* Returns false without memory; then there is nothing to free. Does not own the descriptor. */
bool connection_init(struct connection *connection, int fd, const struct timeouts *timeouts);
void connection_free(struct connection *connection);

/* Begins a phase (waiting, a head, a body, an answer), which has so many seconds in all. */
void connection_begin(struct connection *connection, uint32_t seconds);

/* Returns by how many milliseconds the client lags behind one that moves 64 KiB a second. Any thread may ask. */
int64_t connection_lag(const struct connection *connection, int64_t now);

/* Returns the monotonic clock in milliseconds. */
int64_t connection_clock(void);

enum connection_result {
    CONNECTION_OK,
    CONNECTION_CLOSED,  /* by the client, by an error, or by server_stop */
    CONNECTION_LATE,    /* a time limit is over */
    CONNECTION_FULL,    /* the buffer has no room left */
};

/* Waits for bytes and appends them to the buffer. */
enum connection_result connection_fill(struct connection *connection);

/* Sends all of it. `more` says that something follows at once. */
enum connection_result connection_send(struct connection *connection, const char *bytes, size_t len, bool more);
enum connection_result connection_send_file(struct connection *connection, int fd, uint64_t len);

/* Ends our side and drops what the client still sends, for a short time: a socket that is closed with bytes unread
 * resets the connection, and the client might lose the answer. */
void connection_linger(struct connection *connection);

#endif
