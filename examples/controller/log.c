#include "log.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    WAITING_MAX = 256 * 1024,
    LINE_MAX_BYTES = 4096,
    STOP_MILLISECONDS = 200,
};

static struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool started;
    bool writing;  /* the thread holds bytes that are no longer in `waiting` */
    char waiting[WAITING_MAX];
    size_t used;
    uint64_t dropped;  /* lines since the last report */
} queue = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

static void write_all(const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t written = write(STDERR_FILENO, bytes, len);
        if (written > 0) {
            bytes += written;
            len -= (size_t)written;
        } else if (written < 0 && errno == EAGAIN) {
            /* Another process has made our shared pipe non-blocking. */
            struct pollfd poller = {.fd = STDERR_FILENO, .events = POLLOUT};
            (void)poll(&poller, 1, -1);
        } else if (written == 0 || errno != EINTR)
            return;  /* there is no reader any more */
    }
}

static bool append(const char *line, size_t len)
{
    if (len > sizeof queue.waiting - queue.used)
        return false;
    memcpy(queue.waiting + queue.used, line, len);
    queue.used += len;
    return true;
}

/* Reports how many lines are missing, once the buffer has space for the report and for a line of any length.
   */
static void append_dropped(void)
{
    char line[80];
    if (queue.dropped == 0 || queue.used + sizeof line + LINE_MAX_BYTES > sizeof queue.waiting)
        return;
    int len = snprintf(line, sizeof line, "controller: %" PRIu64 " log lines were dropped\n", queue.dropped);
    if (append(line, (size_t)len))
        queue.dropped = 0;
}

static void *write_lines(void *unused)
{
    static char taken[WAITING_MAX];
    pthread_mutex_lock(&queue.lock);
    for (;;) {
        append_dropped();
        if (queue.used == 0) {
            pthread_cond_wait(&queue.changed, &queue.lock);
            continue;
        }
        size_t len = queue.used;
        memcpy(taken, queue.waiting, len);
        queue.used = 0;
        queue.writing = true;
        pthread_mutex_unlock(&queue.lock);
        write_all(taken, len);
        pthread_mutex_lock(&queue.lock);
        queue.writing = false;
        pthread_cond_broadcast(&queue.changed);
    }
    return unused;
}

int log_start(void)
{
    pthread_t thread;
    int error = pthread_create(&thread, NULL, write_lines, NULL);
    if (error != 0)
        return error;
    (void)pthread_detach(thread);
    pthread_mutex_lock(&queue.lock);
    queue.started = true;
    pthread_mutex_unlock(&queue.lock);
    return 0;
}

void log_stop(void)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += STOP_MILLISECONDS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    pthread_mutex_lock(&queue.lock);
    while (queue.started && (queue.used > 0 || queue.writing || queue.dropped > 0))
        if (pthread_cond_timedwait(&queue.changed, &queue.lock, &until) != 0)
            break;
    pthread_mutex_unlock(&queue.lock);
}

/* Takes a line with its newline. */
static void add_line(const char *line, size_t len)
{
    pthread_mutex_lock(&queue.lock);
    if (!queue.started)
        write_all(line, len);
    else if (queue.dropped > 0 || !append(line, len))
        queue.dropped++;  /* the report comes first */
    pthread_cond_broadcast(&queue.changed);
    pthread_mutex_unlock(&queue.lock);
}

void log_message(const char *format, ...)
{
    char line[LINE_MAX_BYTES] = "controller: ";
    size_t used = strlen(line);
    va_list arguments;
    va_start(arguments, format);
    int len = vsnprintf(line + used, sizeof line - used - 1, format, arguments);
    va_end(arguments);
    if (len < 0)
        return;
    used = strlen(line);
    line[used] = '\n';
    add_line(line, used + 1);
}

/* Writes printable ASCII as it is and everything else as \xNN, so that no client can forge a line or drive a terminal.
 * A longer text is truncated: a log line is not a copy of the request. */
static const char *escaped(char *out, size_t size, const char *bytes, size_t len)
{
    size_t used = 0;
    for (size_t i = 0; i < len && used + sizeof "\\xNN" <= size; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        if (byte == '"' || byte == '\\')
            used += (size_t)snprintf(out + used, size - used, "\\%c", byte);
        else if (byte >= 0x20 && byte < 0x7f)
            out[used++] = (char)byte;
        else
            used += (size_t)snprintf(out + used, size - used, "\\x%02x", byte);
    }
    out[used] = '\0';
    return out;
}

void log_request(const struct log_entry *entry)
{
    char method[32], route[600], file[1200], line[LINE_MAX_BYTES];
    int len = snprintf(
        line, sizeof line,
        "method=%s route=\"%s%s\" file=\"%s\" status=%u received=%" PRIu64 " sent=%" PRIu64 " token=%s%s\n",
        escaped(method, sizeof method, entry->method, strlen(entry->method)),
        escaped(route, sizeof route, entry->route->path, entry->route->length), entry->route->cut ? "+" : "",
        escaped(file, sizeof file, entry->file, strlen(entry->file)), entry->status,
        entry->received, entry->sent, entry->token, entry->cut ? " cut" : "");
    if (len > 0)
        add_line(line, (size_t)len);
}
