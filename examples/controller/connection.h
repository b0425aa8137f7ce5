/* One client's connection: its buffer, and reading and writing with time limits. No function here waits
 * longer than the limits, or after server_stop has shut the socket down. */
#ifndef CONNECTION_H
#define CONNECTION_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    CONNECTION_BUFFER = 128 * 1024,  /* also limits a request's head */
};

/* In seconds. */
struct timeouts {
    uint32_t idle;    /* without a byte: within a body or an answer, and between two requests */
    uint32_t head;    /* for a complete request head */
    uint32_t body;    /* for a complete request body */
    uint32_t answer;  /* until the client has read a complete answer */
};

struct connection {
    int fd;
    const struct timeouts *timeouts;
    char *buffer;
    size_t start, end;  /* received and not yet used */
    size_t touched;     /* bytes of the buffer that may hold something */
    int64_t deadline;   /* of the phase, in milliseconds of the monotonic clock */
    /* Other threads read these to find the slowest connection. */
    _Atomic int64_t since;   /* start of the phase */
    _Atomic uint64_t moved;  /* bytes received or sent in it */
};

/* Returns false if memory is exhausted; then there is nothing to free. Does not own the descriptor. */
bool connection_init(struct connection *connection, int fd, const struct timeouts *timeouts);
void connection_free(struct connection *connection);

/* Wipes what was received and used: it may hold a token. */
void connection_forget(struct connection *connection);

/* Starts a phase (waiting, a head, a body, an answer) with this many seconds in total. */
void connection_begin(struct connection *connection, uint32_t seconds);

/* Returns by how many milliseconds the client lags behind one that transfers 64 KiB per second. Any thread
 * may call it. */
int64_t connection_lag(const struct connection *connection, int64_t now);

/* Returns the monotonic clock in milliseconds. */
int64_t connection_clock(void);

enum connection_result {
    CONNECTION_OK,
    CONNECTION_CLOSED,  /* by the client, by an error, or by server_stop */
    CONNECTION_LATE,    /* a time limit has passed */
    CONNECTION_FULL,    /* the buffer is full */
};

/* Waits for bytes and appends them to the buffer. */
enum connection_result connection_fill(struct connection *connection);

/* Sends all bytes. `more`: further bytes follow immediately. */
enum connection_result connection_send(struct connection *connection, const char *bytes, size_t len, bool more);
enum connection_result connection_send_file(struct connection *connection, int fd, uint64_t len);

/* Shuts down our side and drops further input for a short time: closing a socket with unread bytes resets the
 * connection, and the client might lose the answer. */
void connection_linger(struct connection *connection);

#endif
