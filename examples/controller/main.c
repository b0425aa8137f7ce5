/* A sandbox's controller: serves the files below a root to clients with an access token or a URL signed with
 * it. This file handles the start, the signals and the end; everything else is in server.h. */
#include "files.h"
#include "listen.h"
#include "log.h"
#include "options.h"
#include "rule.h"
#include "server.h"
#include "sweep.h"
#include "temporary.h"
#include "token.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* The host alone connects to the init socket. */
enum { INIT_CONNECTIONS = 8 };

static bool read_tokens(const struct options *options, struct tokens *tokens)
{
    if (options->token_file != NULL)
        return tokens_from_file(options->token_file, &options->policy, tokens);
    if (!options->open && !options->wait)
        return tokens_from_environment(&options->policy, tokens);
    fputs(options->wait ? "controller: waiting for POST /init; every request is refused\n"
                        : "controller: no access token; every request is allowed\n",
          stderr);
    sandgate_result result = options->wait
                                 ? sandgate_controller_init_waiting(&options->policy, &tokens->controller)
                                 : sandgate_controller_init_open(&tokens->controller);
    if (result != SANDGATE_OK)
        fprintf(stderr, "controller: %s\n", sandgate_result_message(result));
    return result == SANDGATE_OK;
}

/* SIGHUP. If the new tokens have an error, the current ones stay. */
static void read_tokens_again(const struct options *options, struct rule *rule)
{
    struct tokens tokens;
    if (options->open && options->init_socket == NULL)
        log_message("there is no access token to read again; every request is allowed");
    else if (options->open || options->wait)
        log_message("there is no access token to read again; it comes by POST /init");
    else if (options->token_file == NULL)
        log_message("$" TOKEN_VARIABLE " cannot be read again; the access tokens stay as they were");
    else if (!tokens_from_file_at_once(options->token_file, &options->policy, &tokens))
        log_message("the access tokens stay as they were");
    else {
        rule_replace(rule, &tokens.controller);
        log_message("access tokens read again: %s", tokens.fingerprints);
    }
}

/* An upload of many files needs a descriptor for each. */
static void raise_descriptor_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
}

static bool start_server(struct server *server, int listener, const char *place)
{
    int error = listener < 0 ? -listener : server_start(server, listener);
    if (error != 0)
        fprintf(stderr, "controller: cannot listen on %s: %s\n", place, strerror(error));
    return error == 0;
}

/* Runs until the signal that ends the daemon. */
static void serve(const struct options *options, struct rule *rule, const sigset_t *signals)
{
    for (;;) {
        int received;
        if (sigwait(signals, &received) != 0)
            continue;
        if (received != SIGHUP)
            return;
        read_tokens_again(options, rule);
    }
}

int main(int argc, char **argv)
{
    struct options options = options_parse(argc, argv);
    if (!listen_is_address(options.host))
        options_reject("--host: must be an IPv4 or IPv6 address");

    /* Block signals before any thread starts, so that only sigwait receives them. Block SIGHUP before the
     * tokens are read for the first time, so that an early one is neither lost nor fatal. */
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGHUP);
    int error = pthread_sigmask(SIG_BLOCK, &signals, NULL);

    struct tokens tokens;
    if (!read_tokens(&options, &tokens))
        return EXIT_FAILURE;
    struct rule rule = RULE_INITIALIZER;
    rule_replace(&rule, &tokens.controller);

    int root = files_open_root(options.root);
    if (root < 0) {
        fprintf(stderr, "controller: %s: %s\n", options.root, strerror(-root));
        return EXIT_FAILURE;
    }
    raise_descriptor_limit();

    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    if (error == 0)
        error = pthread_sigmask(SIG_BLOCK, &signals, NULL);
    /* A broken pipe and an exceeded file size limit are ordinary write errors. */
    if (error == 0 && (signal(SIGPIPE, SIG_IGN) == SIG_ERR || signal(SIGXFSZ, SIG_IGN) == SIG_ERR))
        error = errno;
    if (error == 0)
        error = log_start();
    if (error == 0)
        error = temporary_start();
    if (error != 0) {
        fprintf(stderr, "controller: cannot start: %s\n", strerror(error));
        return EXIT_FAILURE;
    }

    struct server server = {
        .site = {.rule = &rule, .root = root, .max_upload = options.max_upload},
        .timeouts = options.timeouts,
        .max_connections = options.max_connections,
    };
    struct server init = {
        .site = {.rule = &rule, .root = -1, .is_init_socket = true, .expected_hash = options.expected_hash},
        .timeouts = options.timeouts,
        .max_connections = INIT_CONNECTIONS,
    };
    if (options.init_socket != NULL && !start_server(&init, listen_on_path(options.init_socket), options.init_socket))
        return EXIT_FAILURE;
    char place[64];
    snprintf(place, sizeof place, "%s port %u", options.host, (unsigned)options.port);
    if (!start_server(&server, listen_on_port(options.host, options.port), place))
        return EXIT_FAILURE;
    bool is_v6 = false;
    unsigned port = listen_port(server.listener, &is_v6);
    printf(is_v6 ? "listening on [%s]:%u\n" : "listening on %s:%u\n", options.host, port);
    (void)fflush(stdout);

    sweep_start(root, options.root);
    serve(&options, &rule, &signals);
    bool all_ended = server_stop(&server);
    if (options.init_socket != NULL)
        all_ended = server_stop(&init) && all_ended;
    rule_wipe(&rule);
    log_stop();
    if (!all_ended)
        _exit(EXIT_SUCCESS);
    (void)close(root);
    return EXIT_SUCCESS;
}
