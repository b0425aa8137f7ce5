#include "options.h"

#include "token.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_USAGE = 2 };

static const char usage[] =
    "usage: controller --root DIR [--token-file PATH | --open | --wait] [options]\n"
    "\n"
    "  --root DIR           the directory that is served\n"
    "  --token-file PATH    1 to 8 access tokens, one per line; SIGHUP reads them again.\n"
    "                       Without it the tokens come from $" TOKEN_VARIABLE ".\n"
    "                       Without either, every request is allowed.\n"
    "  --open               allow every request; an error if there is a token\n"
    "  --wait               start without a token, and refuse every request until POST\n"
    "                       /init hands one over; requires --init-socket\n"
    "  --init-socket PATH   the Unix socket for POST /init, which only the user of this\n"
    "                       process can connect to\n"
    "  --expected-hash FILE the SHA-512 of the token that may replace the current one,\n"
    "                       in hexadecimal; each /init reads it again. Without it, or\n"
    "                       if it is empty, only the first token is accepted.\n"
    "  --policy NAME        the accepted tokens and URLs: default (v1 or v2),\n"
    "                       e2b-sdks (v1 only) or v2-alone\n"
    "  --leeway SECONDS     how long an expired v2 URL is still accepted (0, at most 300)\n"
    "  --max-lifetime SECONDS\n"
    "                       how far ahead a v2 URL may expire (604800, 7 days)\n"
    "  --host ADDRESS       the IPv4 or IPv6 address to listen on (127.0.0.1)\n"
    "  --port PORT          the port; 0 takes any free one (49983)\n"
    "  --max-upload BYTES   the largest body of an upload, also after decompression (1 GiB)\n"
    "  --max-connections N  the most connections; at the limit, a new one replaces the\n"
    "                       slowest (256)\n"
    "  --head-timeout SECONDS\n"
    "                       the longest time for a complete request head (20)\n"
    "  --body-timeout SECONDS\n"
    "                       the longest time for a complete request body (3600)\n"
    "  --answer-timeout SECONDS\n"
    "                       the longest time until a client has read an answer (3600)\n"
    "  --idle-timeout SECONDS\n"
    "                       the longest time without a byte, also between requests (60)\n"
    "  --help, --version    print this text, or the version of sandgate, and exit\n"
    "\n"
    "Defaults are in parentheses.\n";

void options_reject(const char *problem)
{
    fprintf(stderr, "controller: %s\n%s", problem, usage);
    exit(EXIT_USAGE);
}

/* Decimal digits only: strtoull would also accept signs, spaces and an overflow. */
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

static void init_policy(sandgate_policy *policy, const char *name)
{
    static const struct {
        const char *name;
        uint32_t number;
    } known[] = {
        {"default", SANDGATE_POLICY_DEFAULT},
        {"e2b-sdks", SANDGATE_POLICY_E2B_SDKS},
        {"v2-alone", SANDGATE_POLICY_V2_ALONE},
    };
    policy->struct_size = sizeof *policy;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcmp(name, known[i].name) != 0)
            continue;
        sandgate_result result = sandgate_policy_init(known[i].number, policy);
        if (result != SANDGATE_OK)
            options_reject(sandgate_result_message(result));
        return;
    }
    options_reject("--policy: must be default, e2b-sdks or v2-alone");
}

/* The options about the tokens; NULL if absent. */
struct asked {
    const char *policy, *leeway, *max_lifetime;
};

/* This only parses seconds. The library checks their combination when it gets the tokens. */
static void set_policy(struct options *options, const struct asked *asked)
{
    uint64_t number;
    init_policy(&options->policy, asked->policy == NULL ? "default" : asked->policy);
    if (asked->leeway != NULL) {
        if (!parse_number(asked->leeway, UINT32_MAX, &number))
            options_reject("--leeway: must be a number of seconds");
        options->policy.leeway = (uint32_t)number;
    }
    if (asked->max_lifetime != NULL) {
        if (!parse_number(asked->max_lifetime, UINT32_MAX, &number))
            options_reject("--max-lifetime: must be a number of seconds");
        options->policy.max_lifetime = (uint32_t)number;
    }
}

/* The options that are a number from 1 to some maximum. */
static bool set_number(struct options *options, int option, const char *text)
{
    enum { DAY = 86400 };
    uint32_t *number;
    uint64_t max = DAY, read;
    const char *problem;
    switch (option) {
    case 'c':
        number = &options->max_connections;
        max = 10000;
        problem = "--max-connections: must be a number from 1 to 10000";
        break;
    case 'A':
        number = &options->timeouts.head;
        problem = "--head-timeout: must be 1 to 86400 seconds";
        break;
    case 'B':
        number = &options->timeouts.body;
        problem = "--body-timeout: must be 1 to 86400 seconds";
        break;
    case 'C':
        number = &options->timeouts.answer;
        problem = "--answer-timeout: must be 1 to 86400 seconds";
        break;
    case 'D':
        number = &options->timeouts.idle;
        problem = "--idle-timeout: must be 1 to 86400 seconds";
        break;
    default:
        return false;
    }
    if (!parse_number(text, max, &read) || read == 0)
        options_reject(problem);
    *number = (uint32_t)read;
    return true;
}

struct options options_parse(int argc, char **argv)
{
    static const struct option known[] = {
        {"root", required_argument, NULL, 'r'},       {"token-file", required_argument, NULL, 't'},
        {"open", no_argument, NULL, 'o'},             {"wait", no_argument, NULL, 'w'},
        {"init-socket", required_argument, NULL, 'i'}, {"expected-hash", required_argument, NULL, 'e'},
        {"host", required_argument, NULL, 'H'},
        {"port", required_argument, NULL, 'p'},       {"max-upload", required_argument, NULL, 'm'},
        {"policy", required_argument, NULL, 'P'},     {"leeway", required_argument, NULL, 'l'},
        {"max-lifetime", required_argument, NULL, 'L'}, {"max-connections", required_argument, NULL, 'c'},
        {"head-timeout", required_argument, NULL, 'A'}, {"body-timeout", required_argument, NULL, 'B'},
        {"answer-timeout", required_argument, NULL, 'C'}, {"idle-timeout", required_argument, NULL, 'D'},
        {"help", no_argument, NULL, 'h'},             {"version", no_argument, NULL, 'v'},
        {NULL, 0, NULL, 0},
    };
    struct options options = {.host = "127.0.0.1", .port = 49983, .max_upload = UINT64_C(1) << 30,
                              .max_connections = 256,
                              .timeouts = {.idle = 60, .head = 20, .body = 3600, .answer = 3600}};
    struct asked asked = {0};
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
        case 'w':
            options.wait = true;
            break;
        case 'i':
            options.init_socket = optarg;
            break;
        case 'e':
            options.expected_hash = optarg;
            break;
        case 'P':
            asked.policy = optarg;
            break;
        case 'l':
            asked.leeway = optarg;
            break;
        case 'L':
            asked.max_lifetime = optarg;
            break;
        case 'H':
            options.host = optarg;
            break;
        case 'p':
            if (!parse_number(optarg, UINT16_MAX, &number))
                options_reject("--port: must be a number from 0 to 65535");
            options.port = (uint16_t)number;
            break;
        case 'm':
            if (!parse_number(optarg, INT64_MAX, &options.max_upload))
                options_reject("--max-upload: must be a number of bytes");
            break;
        case 'h':
            fputs(usage, stdout);
            exit(EXIT_SUCCESS);
        case 'v':
            printf("controller, sandgate %s\n", sandgate_version());
            exit(EXIT_SUCCESS);
        default:
            if (!set_number(&options, option, optarg))
                options_reject("every option must be one of these, with its value");
        }
    }
    if (optind != argc)
        options_reject("every argument must be an option");
    if (options.root == NULL)
        options_reject("--root: must be given");
    int sources = (options.token_file != NULL) + options.open + options.wait + (getenv(TOKEN_VARIABLE) != NULL);
    if (sources > 1)
        options_reject("only one of --token-file, $" TOKEN_VARIABLE ", --open and --wait may be given");
    if (options.init_socket == NULL && (options.wait || options.expected_hash != NULL))
        options_reject("--wait and --expected-hash require --init-socket");
    /* An empty path would be a socket without a file, and so without a mode. */
    if (options.init_socket != NULL && options.init_socket[0] == '\0')
        options_reject("--init-socket: must be a path");
    /* A daemon that is told its token later must not be open until then. */
    if (options.init_socket != NULL && sources == 0)
        options_reject("--init-socket requires --wait, --open or an access token");
    options.open = options.open || sources == 0;
    /* A stricter rule without a token must not result in an open daemon. */
    if (options.open && (asked.policy != NULL || asked.leeway != NULL || asked.max_lifetime != NULL))
        options_reject("--policy, --leeway and --max-lifetime require an access token or --wait");
    set_policy(&options, &asked);
    return options;
}
