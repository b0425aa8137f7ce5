/* The daemon's two sockets: the port for clients, and the Unix socket on which the host hands over tokens. */
#ifndef LISTEN_H
#define LISTEN_H

#include <stdbool.h>
#include <stdint.h>

/* Whether it is an IPv4 or IPv6 address. */
bool listen_is_address(const char *host);

/* These return a listening descriptor, or a negated errno value. */
int listen_on_port(const char *host, uint16_t port);

/* Creates a socket of mode 0600. Replaces a socket file that nobody listens on, and nothing else: -EADDRINUSE. */
int listen_on_path(const char *path);

/* Returns the port that a socket of listen_on_port is bound to. */
uint16_t listen_port(int listener, bool *is_v6);

#endif
