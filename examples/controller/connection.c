#include "connection.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    LINGER_SECONDS = 2,
    FAIR_BYTES_PER_MILLISECOND = 64,  /* about 64 KiB per second */
    SEND_FILE_PIECE = 1024 * 1024,
};

int64_t connection_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

bool connection_init(struct connection *connection, int fd, const struct timeouts *timeouts)
{
    memset(connection, 0, sizeof *connection);
    connection->fd = fd;
    connection->timeouts = timeouts;
    connection->buffer = malloc(CONNECTION_BUFFER);
    connection_begin(connection, timeouts->head);
    return connection->buffer != NULL;
}

void connection_free(struct connection *connection)
{
    connection->start = connection->end = 0;
    connection_forget(connection);
    free(connection->buffer);
    connection->buffer = NULL;
}

void connection_forget(struct connection *connection)
{
    if (connection->buffer == NULL)
        return;
    explicit_bzero(connection->buffer, connection->start);
    explicit_bzero(connection->buffer + connection->end, connection->touched - connection->end);
    connection->touched = connection->end;
}

void connection_begin(struct connection *connection, uint32_t seconds)
{
    int64_t now = connection_clock();
    connection->deadline = now + (int64_t)seconds * 1000;
    atomic_store(&connection->moved, 0);
    atomic_store(&connection->since, now);
}

int64_t connection_lag(const struct connection *connection, int64_t now)
{
    return now - atomic_load(&connection->since) -
           (int64_t)(atomic_load(&connection->moved) / FAIR_BYTES_PER_MILLISECOND);
}

/* Waits until the socket can be read or written, but not beyond the phase and not longer than the idle limit.
   */
static enum connection_result wait_for(const struct connection *connection, short events)
{
    int64_t idle_until = connection_clock() + (int64_t)connection->timeouts->idle * 1000;
    int64_t until = idle_until < connection->deadline ? idle_until : connection->deadline;
    for (;;) {
        int64_t left = until - connection_clock();
        if (left <= 0)
            return CONNECTION_LATE;
        struct pollfd poller = {.fd = connection->fd, .events = events};
        int ready = poll(&poller, 1, left > INT_MAX ? INT_MAX : (int)left);
        if (ready > 0)
            return CONNECTION_OK;
        if (ready < 0 && errno != EINTR)
            return CONNECTION_CLOSED;
    }
}

static bool would_block(void)
{
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

/* A client that always has the next byte ready never makes us wait, but must still keep to the phase's time
 * limit. */
static bool is_late(const struct connection *connection)
{
    return connection_clock() >= connection->deadline;
}

enum connection_result connection_fill(struct connection *connection)
{
    if (connection->start > 0) {
        connection->end -= connection->start;
        memmove(connection->buffer, connection->buffer + connection->start, connection->end);
        connection->start = 0;
    }
    if (connection->end == CONNECTION_BUFFER)
        return CONNECTION_FULL;
    for (;;) {
        if (is_late(connection))
            return CONNECTION_LATE;
        ssize_t received = recv(connection->fd, connection->buffer + connection->end,
                                CONNECTION_BUFFER - connection->end, 0);
        if (received > 0) {
            connection->end += (size_t)received;
            if (connection->touched < connection->end)
                connection->touched = connection->end;
            atomic_fetch_add(&connection->moved, (uint64_t)received);
            return CONNECTION_OK;
        }
        if (received == 0 || !would_block())
            return CONNECTION_CLOSED;
        enum connection_result waited = wait_for(connection, POLLIN);
        if (waited != CONNECTION_OK)
            return waited;
    }
}

/* After a call that sent `sent` bytes, or failed: whether to continue. */
static enum connection_result sent_some(struct connection *connection, ssize_t sent)
{
    if (sent > 0)
        atomic_fetch_add(&connection->moved, (uint64_t)sent);
    else if (sent == 0 || !would_block())
        return CONNECTION_CLOSED;
    else
        return wait_for(connection, POLLOUT);
    return is_late(connection) ? CONNECTION_LATE : CONNECTION_OK;
}

enum connection_result connection_send(struct connection *connection, const char *bytes, size_t len, bool more)
{
    while (len > 0) {
        ssize_t sent = send(connection->fd, bytes, len, MSG_NOSIGNAL | (more ? MSG_MORE : 0));
        enum connection_result result = sent_some(connection, sent);
        if (sent > 0) {
            bytes += sent;
            len -= (size_t)sent;
        }
        if (result != CONNECTION_OK && len > 0)
            return result;
    }
    return CONNECTION_OK;
}

enum connection_result connection_send_file(struct connection *connection, int fd, uint64_t len)
{
    while (len > 0) {
        size_t piece = len < SEND_FILE_PIECE ? (size_t)len : SEND_FILE_PIECE;
        ssize_t sent = sendfile(connection->fd, fd, NULL, piece);  /* 0: the file has become shorter */
        enum connection_result result = sent_some(connection, sent);
        if (sent > 0)
            len -= (uint64_t)sent;
        if (result != CONNECTION_OK && len > 0)
            return result;
    }
    return CONNECTION_OK;
}

void connection_linger(struct connection *connection)
{
    (void)shutdown(connection->fd, SHUT_WR);
    connection_begin(connection, LINGER_SECONDS);
    do
        connection->start = connection->end = 0;
    while (connection_fill(connection) == CONNECTION_OK);
}
