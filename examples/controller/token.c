#include "token.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One more than the longest token and its newline, so that a longer file is noticed and not cut. */
enum { TOKEN_FILE_MAX = 256 + 2 };

static bool init_rule(const char *origin, const char *token, size_t len, sandgate_controller *rule)
{
    if (len == 0) {
        fprintf(stderr, "controller: %s: the access token is empty\n", origin);
        return false;
    }
    sandgate_result result = sandgate_controller_init((const uint8_t *)token, len, rule);
    if (result != SANDGATE_OK) {
        fprintf(stderr, "controller: %s: %s\n", origin, sandgate_result_message(result));
        return false;
    }
    return true;
}

/* Reads up to `size` bytes; -1 with errno on failure. */
static ssize_t read_all(int fd, char *out, size_t size)
{
    size_t len = 0;
    while (len < size) {
        ssize_t n = read(fd, out + len, size - len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        if (n == 0)
            break;
        len += (size_t)n;
    }
    return (ssize_t)len;
}

bool token_from_file(const char *path, sandgate_controller *rule)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) {
        fprintf(stderr, "controller: %s: %s\n", path, strerror(errno));
        return false;
    }
    char token[TOKEN_FILE_MAX];
    ssize_t len = read_all(fd, token, sizeof token);
    int error = errno;
    (void)close(fd);

    bool ok = false;
    if (len < 0)
        fprintf(stderr, "controller: %s: %s\n", path, strerror(error));
    else {
        if (len > 0 && token[len - 1] == '\n')
            len--;
        ok = init_rule(path, token, (size_t)len, rule);
    }
    explicit_bzero(token, sizeof token);
    return ok;
}

bool token_from_environment(sandgate_controller *rule)
{
    char *token = getenv(TOKEN_VARIABLE);
    if (token == NULL) {
        fprintf(stderr, "controller: %s is not set\n", TOKEN_VARIABLE);
        return false;
    }
    size_t len = strlen(token);
    bool ok = init_rule(TOKEN_VARIABLE, token, len, rule);
    /* The environment stays readable in /proc for as long as the process lives. */
    explicit_bzero(token, len);
    (void)unsetenv(TOKEN_VARIABLE);
    return ok;
}
