/* A listening socket and a thread for each of its connections. At the limit of connections the slowest one is closed for a
 * new one. */
#ifndef SERVER_H
#define SERVER_H

#include "connection.h"
#include "request.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct client;

struct server {
    struct site site;
    struct timeouts timeouts;
    size_t max_connections;
    /* Set by server_start. */
    int listener, stopper;
    pthread_t acceptor;
    pthread_mutex_t lock;
    pthread_cond_t fewer;  /* a connection ended */
    struct client *clients;
    size_t count;
};

/* Serves a listening socket, which it closes at its end. Returns 0, or an errno value. Lowers `max_connections` if
 * the limit of descriptors requires it. */
int server_start(struct server *server, int listener);

/* Aborts running requests; unfinished uploads leave no files. Returns within a second. Returns false if a
 * thread still hangs in the file system; then nothing that it uses may be freed. */
bool server_stop(struct server *server);

#endif
