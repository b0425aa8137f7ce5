/* The HTTP server: how one request goes from its first line to its log line. */
#ifndef SERVER_H
#define SERVER_H

#include "rule.h"

#include <netinet/in.h>
#include <stdint.h>

struct server {
    struct rule *rule;
    int root;
    uint64_t max_upload;
    struct MHD_Daemon *daemon;
};

/* 0, or an errno value. */
int server_start(struct server *server, const struct sockaddr *address);

uint16_t server_port(const struct server *server);

/* Cuts what is running; unfinished uploads leave nothing behind. */
void server_stop(struct server *server);

#endif
