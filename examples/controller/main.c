/* A sandbox's controller: serves the files beneath a root to whoever the access token, or a URL signed with it,
 * lets in. Options, token, signals; everything else is behind server.h. */
#include "files.h"
#include "server.h"
#include "token.h"

#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { EXIT_USAGE = 2 };

struct options {
    const char *root, *host, *token_file;
    uint16_t port;
    uint64_t max_upload;
    bool open;
};

static const char usage[] =
    "usage: controller --root DIR [--token-file PATH | --open] [options]\n"
    "\n"
    "  --root DIR           the directory that is served\n"
    "  --token-file PATH    the access token, one trailing newline is removed;\n"
    "                       without it the token is taken from $" TOKEN_VARIABLE ";\n"
    "                       without either every request is allowed\n"
    "  --open               fail if there is a token, instead of asking for it\n"
    "  --host ADDRESS       IPv4 or IPv6 address to listen on (127.0.0.1)\n"
    "  --port PORT          0 takes any free port (49983)\n"
    "  --max-upload BYTES   largest body of an upload, after decompression (1 GiB)\n"
    "  --help, --version\n";

/* Decimal digits only: strtoull alone would take signs, spaces and an overflow. */
static bool parse_number(const char *text, uint64_t max, uint64_t *out)
{
    if (*text == '\0' || text[strspn(text, "0123456789")] != '\0')
        return false;
    errno = 0;
    unsigned long long number = strtoull(text, NULL, 10);
    if (errno != 0 || number > max)
        return false;
    *out = number;
    return true;
}

static void exit_usage(const char *problem)
{
    fprintf(stderr, "controller: %s\n%s", problem, usage);
    exit(EXIT_USAGE);
}

static struct options parse_options(int argc, char **argv)
{
    static const struct option known[] = {
        {"root", required_argument, NULL, 'r'},       {"token-file", required_argument, NULL, 't'},
        {"open", no_argument, NULL, 'o'},             {"host", required_argument, NULL, 'H'},
        {"port", required_argument, NULL, 'p'},       {"max-upload", required_argument, NULL, 'm'},
        {"help", no_argument, NULL, 'h'},             {"version", no_argument, NULL, 'v'},
        {NULL, 0, NULL, 0},
    };
    struct options options = {.host = "127.0.0.1", .port = 49983, .max_upload = UINT64_C(1) << 30};
    uint64_t number;
    int option;
    while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
        switch (option) {
        case 'r':
            options.root = optarg;
            break;
        case 't':
            options.token_file = optarg;
            break;
        case 'o':
            options.open = true;
            break;
        case 'H':
            options.host = optarg;
            break;
        case 'p':
            if (!parse_number(optarg, UINT16_MAX, &number))
                exit_usage("--port is no port number");
            options.port = (uint16_t)number;
            break;
        case 'm':
            if (!parse_number(optarg, INT64_MAX, &options.max_upload))
                exit_usage("--max-upload is no number of bytes");
            break;
        case 'h':
            fputs(usage, stdout);
            exit(EXIT_SUCCESS);
        case 'v':
            printf("controller, sandgate %s\n", sandgate_version());
            exit(EXIT_SUCCESS);
        default:
            exit_usage("unknown option");
        }
    }
    if (optind != argc)
        exit_usage("takes options only");
    if (options.root == NULL)
        exit_usage("--root is missing");
    int sources = (options.token_file != NULL) + options.open + (getenv(TOKEN_VARIABLE) != NULL);
    if (sources > 1)
        exit_usage("give one of --token-file, $" TOKEN_VARIABLE " and --open");
    options.open = options.open || sources == 0;
    return options;
}

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

static bool parse_address(const char *host, uint16_t port, union address *out)
{
    memset(out, 0, sizeof *out);
    if (inet_pton(AF_INET, host, &out->v4.sin_addr) == 1) {
        out->v4.sin_family = AF_INET;
        out->v4.sin_port = htons(port);
        return true;
    }
    if (inet_pton(AF_INET6, host, &out->v6.sin6_addr) == 1) {
        out->v6.sin6_family = AF_INET6;
        out->v6.sin6_port = htons(port);
        return true;
    }
    return false;
}

static bool init_rule(const struct options *options, sandgate_controller *rule)
{
    if (options->token_file != NULL)
        return token_from_file(options->token_file, rule);
    if (!options->open)
        return token_from_environment(rule);
    fputs("controller: no access token, every request is allowed\n", stderr);
    sandgate_result result = sandgate_controller_init_open(rule);
    if (result != SANDGATE_OK)
        fprintf(stderr, "controller: %s\n", sandgate_result_message(result));
    return result == SANDGATE_OK;
}

/* An upload of many files holds a descriptor for each. */
static void raise_descriptor_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
}

int main(int argc, char **argv)
{
    struct options options = parse_options(argc, argv);
    union address address;
    if (!parse_address(options.host, options.port, &address))
        exit_usage("--host is no IP address");

    sandgate_controller rule;
    if (!init_rule(&options, &rule))
        return EXIT_FAILURE;
    int root = files_open_root(options.root);
    if (root < 0) {
        fprintf(stderr, "controller: %s: %s\n", options.root, strerror(-root));
        return EXIT_FAILURE;
    }
    raise_descriptor_limit();

    /* Blocked before there are threads, so that only sigwait below sees them. */
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGINT);
    int error = pthread_sigmask(SIG_BLOCK, &stop, NULL);
    if (error == 0 && signal(SIGPIPE, SIG_IGN) == SIG_ERR)
        error = errno;

    struct server server = {.rule = &rule, .root = root, .max_upload = options.max_upload};
    if (error == 0)
        error = server_start(&server, &address.any);
    if (error != 0) {
        fprintf(stderr, "controller: cannot listen on %s port %u: %s\n", options.host, (unsigned)options.port,
                strerror(error));
        return EXIT_FAILURE;
    }
    const char *form = address.any.sa_family == AF_INET6 ? "listening on [%s]:%u\n" : "listening on %s:%u\n";
    printf(form, options.host, (unsigned)server_port(&server));
    (void)fflush(stdout);

    int received;
    while (sigwait(&stop, &received) != 0)
        ;
    server_stop(&server);
    sandgate_controller_wipe(&rule);
    (void)close(root);
    return EXIT_SUCCESS;
}
