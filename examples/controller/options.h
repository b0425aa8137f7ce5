/* The command line. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include "connection.h"

#include <sandgate.h>
#include <stdbool.h>
#include <stdint.h>

struct options {
    const char *root, *host, *token_file, *init_socket, *expected_hash;
    uint16_t port;
    uint64_t max_upload;
    uint32_t max_connections;
    struct timeouts timeouts;
    bool open, wait;
    sandgate_policy policy;
};

/* Exits the process if there is nothing to start. */
struct options options_parse(int argc, char **argv);

/* Reports an error in the command line, and exits. */
_Noreturn void options_reject(const char *problem);

#endif
