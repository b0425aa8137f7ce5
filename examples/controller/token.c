#include "token.h"

#include "log.h"
#include "read_all.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One more than the longest tokens with their newlines. A file that fills the buffer has a line too many or
 * too long, and is refused, not truncated. */
enum { TOKEN_FILE_MAX = TOKENS_MAX * (SANDGATE_TOKEN_MAX + 1) + 1 };

/* The first token makes the controller, the others are added. Returns the error text, or NULL. */
static const char *add_token(struct tokens *out, size_t number, const char *token, size_t len,
                             const sandgate_policy *policy)
{
    if (number == TOKENS_MAX)
        return sandgate_result_message(SANDGATE_TOO_MANY_TOKENS);
    if (len == 0)
        return "the access token must not be empty";
    sandgate_result result = number == 0 ? sandgate_controller_init(token, len, policy, &out->controller)
                                         : sandgate_controller_add_token(&out->controller, token, len);
    if (result != SANDGATE_OK)
        return sandgate_result_message(result);
    char *fingerprint = out->fingerprints + number * SANDGATE_FINGERPRINT_SIZE;
    if (sandgate_fingerprint(token, len, fingerprint) != SANDGATE_OK)
        return "internal error";
    if (number > 0)
        fingerprint[-1] = ' ';  /* replaces the previous one's NUL */
    return NULL;
}

/* Each line is a token, including its white space. The last newline may be missing. */
static bool read_tokens(const char *origin, const char *text, size_t len, const sandgate_policy *policy,
                        struct tokens *out)
{
    const char *end = text + len;
    *out = (struct tokens){0};
    for (size_t number = 0; number == 0 || text < end; number++) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        const char *token_end = newline == NULL ? end : newline;
        const char *problem = add_token(out, number, text, (size_t)(token_end - text), policy);
        if (problem != NULL) {
            log_message("%s: line %zu: %s", origin, number + 1, problem);
            sandgate_controller_wipe(&out->controller);
            return false;
        }
        text = newline == NULL ? end : newline + 1;
    }
    return true;
}

static bool from_file(const char *path, int flags, const sandgate_policy *policy, struct tokens *out)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | flags);
    if (fd < 0) {
        log_message("%s: %s", path, strerror(errno));
        return false;
    }
    char text[TOKEN_FILE_MAX];
    ssize_t len = read_all(fd, text, sizeof text);
    int error = errno;
    (void)close(fd);

    bool ok = false;
    if (len < 0)
        log_message("%s: %s", path, strerror(error));
    else
        ok = read_tokens(path, text, (size_t)len, policy, out);
    explicit_bzero(text, sizeof text);
    return ok;
}

bool tokens_from_file(const char *path, const sandgate_policy *policy, struct tokens *out)
{
    return from_file(path, 0, policy, out);
}

bool tokens_from_file_at_once(const char *path, const sandgate_policy *policy, struct tokens *out)
{
    return from_file(path, O_NONBLOCK, policy, out);
}

bool tokens_from_environment(const sandgate_policy *policy, struct tokens *out)
{
    char *text = getenv(TOKEN_VARIABLE);
    if (text == NULL) {
        log_message("%s is not set", TOKEN_VARIABLE);
        return false;
    }
    size_t len = strlen(text);
    bool ok = read_tokens(TOKEN_VARIABLE, text, len, policy, out);
    /* The environment stays readable in /proc while the process runs. */
    explicit_bzero(text, len);
    (void)unsetenv(TOKEN_VARIABLE);
    return ok;
}
