#include "server.h"

#include "exchange.h"
#include "log.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    STACK_SIZE = 1024 * 1024,
    /* A connection is closed for a new one only if it lags by at least this much, so that active ones are kept. */
    SLOW_MILLISECONDS = 1000,
    PAUSE_MILLISECONDS = 100,
    STOP_MILLISECONDS = 700,
    DESCRIPTORS_RESERVED = 16,
    DESCRIPTORS_PER_CONNECTION = 2,
};

struct client {
    struct client *previous, *next;
    struct server *server;
    struct connection connection;
    bool closing;
};

static void wait_for_fewer(struct server *server, int64_t milliseconds)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += milliseconds / 1000;
    until.tv_nsec += milliseconds % 1000 * 1000000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    (void)pthread_cond_timedwait(&server->fewer, &server->lock, &until);
}

/* Wakes the thread of the slowest connection: its next read or write fails. The lock is held, so that the
 * descriptor is still open. */
static void close_slowest(struct server *server, int64_t lag_min)
{
    int64_t now = connection_clock();
    struct client *slowest = NULL;
    for (struct client *client = server->clients; client != NULL; client = client->next) {
        int64_t lag = connection_lag(&client->connection, now);
        if (client->closing || lag < lag_min)
            continue;
        slowest = client;
        lag_min = lag;
    }
    if (slowest == NULL)
        return;
    slowest->closing = true;
    (void)shutdown(slowest->connection.fd, SHUT_RDWR);
}

static void link_client(struct server *server, struct client *client)
{
    client->next = server->clients;
    if (client->next != NULL)
        client->next->previous = client;
    server->clients = client;
    server->count++;
}

static void unlink_client(struct server *server, struct client *client)
{
    if (client->previous != NULL)
        client->previous->next = client->next;
    else
        server->clients = client->next;
    if (client->next != NULL)
        client->next->previous = client->previous;
    server->count--;
}

static void end_client(struct client *client)
{
    struct server *server = client->server;
    pthread_mutex_lock(&server->lock);
    unlink_client(server, client);
    (void)close(client->connection.fd);
    pthread_cond_broadcast(&server->fewer);
    connection_free(&client->connection);
    free(client);
    pthread_mutex_unlock(&server->lock);
}

static void *serve_client(void *argument)
{
    struct client *client = argument;
    exchange_all(&client->connection, &client->server->site);
    end_client(client);
    return NULL;
}

/* Takes ownership of the descriptor. Returns false when there is no memory or no thread for it. */
static bool start_client(struct server *server, int fd)
{
    struct client *client = calloc(1, sizeof *client);
    if (client == NULL || !connection_init(&client->connection, fd, &server->timeouts)) {
        free(client);
        (void)close(fd);
        return false;
    }
    client->server = server;
    int on = 1;
    /* Fails on a Unix socket, which sends without delay anyway. */
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    pthread_mutex_lock(&server->lock);
    link_client(server, client);
    pthread_mutex_unlock(&server->lock);

    pthread_attr_t attributes;
    pthread_t thread;
    int error = pthread_attr_init(&attributes);
    if (error == 0) {
        (void)pthread_attr_setstacksize(&attributes, STACK_SIZE);
        (void)pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
        error = pthread_create(&thread, &attributes, serve_client, client);
        (void)pthread_attr_destroy(&attributes);
    }
    if (error != 0)
        end_client(client);
    return error == 0;
}

/* Waits a short time until one more connection is possible. */
static bool make_room(struct server *server)
{
    pthread_mutex_lock(&server->lock);
    if (server->count >= server->max_connections) {
        close_slowest(server, SLOW_MILLISECONDS);
        wait_for_fewer(server, PAUSE_MILLISECONDS);
    }
    bool room = server->count < server->max_connections;
    pthread_mutex_unlock(&server->lock);
    return room;
}

/* Descriptors, memory or threads are exhausted. Wait until a connection ends; an immediate retry would use a
 * whole processor. */
static void recover(struct server *server)
{
    pthread_mutex_lock(&server->lock);
    close_slowest(server, 0);
    pthread_mutex_unlock(&server->lock);
    struct pollfd poller = {.fd = server->stopper, .events = POLLIN};
    (void)poll(&poller, 1, PAUSE_MILLISECONDS);
}

static bool is_gone_client(int error)
{
    return error == EAGAIN || error == EINTR || error == ECONNABORTED || error == EPROTO || error == EPERM;
}

static void *accept_clients(void *argument)
{
    struct server *server = argument;
    for (;;) {
        struct pollfd pollers[] = {
            {.fd = server->stopper, .events = POLLIN},
            {.fd = server->listener, .events = POLLIN},
        };
        if (poll(pollers, 2, -1) < 0 && errno != EINTR)
            recover(server);
        if (pollers[0].revents != 0)
            return NULL;
        if (!make_room(server))
            continue;
        int fd = accept4(server->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0 ? !start_client(server, fd) : !is_gone_client(errno))
            recover(server);
    }
}

static void fit_descriptors(struct server *server)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return;
    size_t descriptors = limit.rlim_cur > DESCRIPTORS_RESERVED ? (size_t)limit.rlim_cur - DESCRIPTORS_RESERVED : 0;
    size_t room = descriptors / DESCRIPTORS_PER_CONNECTION;
    if (room == 0)
        room = 1;
    if (room >= server->max_connections)
        return;
    log_message("the limit of descriptors (ulimit -n) allows %zu connections, not %zu", room, server->max_connections);
    server->max_connections = room;
}

int server_start(struct server *server, int listener)
{
    server->listener = listener;
    pthread_mutex_init(&server->lock, NULL);
    pthread_cond_init(&server->fewer, NULL);
    fit_descriptors(server);
    server->stopper = eventfd(0, EFD_CLOEXEC);
    if (server->stopper < 0)
        return errno;
    return pthread_create(&server->acceptor, NULL, accept_clients, server);
}

bool server_stop(struct server *server)
{
    (void)eventfd_write(server->stopper, 1);
    (void)pthread_join(server->acceptor, NULL);
    (void)close(server->listener);

    pthread_mutex_lock(&server->lock);
    for (struct client *client = server->clients; client != NULL; client = client->next)
        (void)shutdown(client->connection.fd, SHUT_RDWR);
    int64_t until = connection_clock() + STOP_MILLISECONDS, left;
    while (server->count > 0 && (left = until - connection_clock()) > 0)
        wait_for_fewer(server, left);
    bool all = server->count == 0;
    pthread_mutex_unlock(&server->lock);
    return all;
}
