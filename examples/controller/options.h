/* The command line. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include "connection.h"

#include <sandgate.h>
#include <stdbool.h>
#include <stdint.h>

struct options {
    const char *root, *host, *token_file;
    uint16_t port;
    uint64_t max_upload;
    uint32_t max_connections;
    struct timeouts timeouts;
    bool open;
    sandgate_policy policy;
};

/* Leaves the process itself when there is nothing to start. */
struct options options_parse(int argc, char **argv);

/* Says what is wrong with the command line, and ends the process. */
_Noreturn void options_reject(const char *problem);

#endif
