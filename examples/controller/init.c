#include "init.h"

#include "log.h"
#include "read_all.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* More than a hash with its newline, so that a longer file never looks like one. */
enum { HASH_FILE_MAX = 256 };

struct init_body *init_body_new(void)
{
    struct init_body *body = malloc(sizeof *body);
    if (body != NULL)
        body->len = 0;
    return body;
}

bool init_body_add(struct init_body *body, const char *bytes, size_t len)
{
    if (len > sizeof body->bytes - body->len)
        return false;
    memcpy(body->bytes + body->len, bytes, len);
    body->len += len;
    return true;
}

void init_body_free(struct init_body *body)
{
    if (body == NULL)
        return;
    explicit_bzero(body, sizeof *body);
    free(body);
}

/* Reads the start of a regular file; -1 with errno on failure. A pipe without a writer would read as empty, which means
 * that the host publishes nothing. */
static ssize_t read_regular(const char *path, char *out, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0)
        return -1;
    struct stat status;
    errno = EINVAL;
    bool is_regular = fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
    ssize_t len = is_regular ? read_all(fd, out, size) : -1;
    int error = errno;
    (void)close(fd);
    errno = error;
    return len;
}

static const char *outcome_text(sandgate_initialized outcome)
{
    switch (outcome) {
    case SANDGATE_INITIALIZED_KEPT:
        return "kept";
    case SANDGATE_INITIALIZED_REPLACED:
        return "replaced";
    case SANDGATE_INITIALIZED_CLEARED:
        return "cleared; every request is allowed";
    case SANDGATE_INITIALIZED_STALE:
        return "stale; nothing changed";
    }
    return "unknown outcome";
}

static struct reply apply(struct rule *rule, const char *expected_hash, const struct init_body *body)
{
    char hash[HASH_FILE_MAX];
    ssize_t hash_len = 0;
    if (expected_hash != NULL) {
        hash_len = read_regular(expected_hash, hash, sizeof hash);
        if (hash_len < 0) {
            log_message("init: refused: %s: %s", expected_hash, strerror(errno));
            return reply_error(HTTP_SERVICE_UNAVAILABLE, "the expected hash cannot be read");
        }
        if (hash_len > 0 && hash[hash_len - 1] == '\n')
            hash_len--;
    }
    sandgate_initialized outcome = 0;
    sandgate_result result = rule_initialize(rule, body->bytes, body->len, hash, (size_t)hash_len, &outcome);
    if (result != SANDGATE_OK) {
        log_message("init: refused: %s", sandgate_result_message(result));
        return reply_refusal(result);
    }
    log_message("init: %s", outcome_text(outcome));
    return reply_empty(HTTP_NO_CONTENT);
}

struct reply init_apply(struct rule *rule, const char *expected_hash, const struct init_body *body)
{
    /* Held from the reading of the file on: a request that read the hash of an old token must not be applied after one that
     * read the hash of its successor. */
    static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&one_at_a_time);
    struct reply reply = apply(rule, expected_hash, body);
    pthread_mutex_unlock(&one_at_a_time);
    return reply;
}
