#include "head.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Counts repeated headers, because different parsers treat them differently. */
struct counts {
    unsigned hosts, transfer_encodings, content_lengths, content_types, content_encodings;
    const char *transfer_encoding, *content_length;
    bool close, keep_alive;
};

bool head_find(const char *bytes, size_t len, size_t *scanned, size_t *head_len)
{
    *head_len = 0;
    for (size_t i = *scanned; i < len; i++) {
        char byte = bytes[i];
        bool after_cr = i > 0 && bytes[i - 1] == '\r';
        if (byte == '\0' || (byte == '\n') != after_cr)
            return false;
        if (byte == '\n' && i >= 3 && bytes[i - 2] == '\n') {
            *head_len = i + 1;
            return true;
        }
    }
    *scanned = len;
    return true;
}

/* RFC 9110, 5.6.2. Another parser may read "Content-Length " as a length, or as another header. */
static size_t token_length(const char *text)
{
    return strspn(text, "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t';
}

/* Terminates the line at `*at` and moves `*at` to the next one. The head ends with CRLF, so there is one. */
static char *next_line(char **at)
{
    char *line = *at, *end = strstr(line, "\r\n");
    *end = '\0';
    *at = end + 2;
    return line;
}

/* method SP target SP version, without further spaces. */
static bool read_request_line(struct head *head, char *line)
{
    size_t method_len = token_length(line);
    char *target = line + method_len + 1;
    if (method_len == 0 || line[method_len] != ' ')
        return false;
    line[method_len] = '\0';
    head->method = line;
    size_t target_len = strcspn(target, " ");
    if (target_len == 0 || target[target_len] != ' ')
        return false;
    target[target_len] = '\0';
    head->target = target;
    head->version = target + target_len + 1;
    return strncmp(head->version, "HTTP/1.", 7) == 0 && strspn(head->version + 7, "0123456789") == 1 &&
           head->version[8] == '\0';
}

/* Connection is a list. */
static void read_connection(struct counts *counts, const char *value)
{
    for (;;) {
        value += strspn(value, " \t,");
        size_t len = strcspn(value, " \t,");
        if (len == 0)
            return;
        counts->close |= len == strlen("close") && strncasecmp(value, "close", len) == 0;
        counts->keep_alive |= len == strlen("keep-alive") && strncasecmp(value, "keep-alive", len) == 0;
        value += len;
    }
}

static void note_header(struct head *head, struct counts *counts, const char *name, const char *value)
{
    if (strcasecmp(name, "X-Access-Token") == 0) {
        head->access_token.value = value;
        head->access_token.value_len = strlen(value);
        head->access_token.count++;
    } else if (strcasecmp(name, "Transfer-Encoding") == 0) {
        counts->transfer_encoding = value;
        counts->transfer_encodings++;
    } else if (strcasecmp(name, "Content-Length") == 0) {
        counts->content_length = value;
        counts->content_lengths++;
    } else if (strcasecmp(name, "Content-Type") == 0) {
        head->body.content_type = value;
        counts->content_types++;
    } else if (strcasecmp(name, "Content-Encoding") == 0) {
        head->body.content_encoding = value;
        counts->content_encodings++;
    } else if (strcasecmp(name, "Content-Range") == 0)
        head->body.is_range = true;
    else if (strcasecmp(name, "Expect") == 0)
        head->expects_continue |= strcasecmp(value, "100-continue") == 0;
    else if (strcasecmp(name, "Connection") == 0)
        read_connection(counts, value);
    else if (strcasecmp(name, "Host") == 0)
        counts->hosts++;
}

static bool ends_body(const char *name)
{
    return strcasecmp(name, "Transfer-Encoding") == 0 || strcasecmp(name, "Content-Length") == 0;
}

/* name ":" value. A folded line begins with a space and so has no name. */
static bool read_header(struct head *head, struct counts *counts, char *line)
{
    size_t name_len = token_length(line);
    if (name_len == 0 || line[name_len] != ':')
        return false;
    line[name_len] = '\0';
    char *value = line + name_len + 1;
    while (is_space(*value))
        value++;
    size_t len = strlen(value);
    while (len > 0 && is_space(value[len - 1]))
        len--;
    /* White space after a value is not part of it (RFC 9110, 5.5), but some parsers keep it, and then do not
     * find the end of the body. */
    if (value[len] != '\0' && ends_body(line))
        return false;
    value[len] = '\0';
    head->lines[head->line_count++] =
        (sandgate_header_line){line, name_len, value, len};
    note_header(head, counts, line, value);
    return true;
}

static bool read_length(const char *text, uint64_t *length)
{
    enum { DIGITS_MAX = 18 };  /* so that it does not overflow */
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > DIGITS_MAX || text[digits] != '\0')
        return false;
    *length = strtoull(text, NULL, 10);
    return true;
}

/* A proxy that speaks HTTP/1.0 does not understand chunks, and could see another end of the request. */
static bool framing_is_clear(struct head *head, const struct counts *counts)
{
    if (counts->transfer_encodings == 0) {
        head->body.has_length = counts->content_lengths == 1;
        return counts->content_lengths == 0 ||
               (counts->content_lengths == 1 && read_length(counts->content_length, &head->content_length));
    }
    head->chunked = true;
    return strcmp(head->version, "HTTP/1.1") == 0 && counts->transfer_encodings == 1 &&
           counts->content_lengths == 0 && strcasecmp(counts->transfer_encoding, "chunked") == 0;
}

static size_t count_lines(const char *bytes, size_t len)
{
    size_t lines = 0;
    for (const char *end = bytes + len; (bytes = memchr(bytes, '\n', (size_t)(end - bytes))) != NULL; bytes++)
        lines++;
    return lines;
}

enum head_result head_read(struct head *head, char *bytes, size_t len)
{
    struct counts counts = {0};
    *head = (struct head){.method = "", .target = "", .version = ""};
    head->lines = calloc(count_lines(bytes, len), sizeof *head->lines);
    if (head->lines == NULL)
        return HEAD_NO_MEMORY;
    bytes[len - 2] = '\0';  /* the empty line's CR: the text ends after the last line */

    char *at = bytes;
    if (!read_request_line(head, next_line(&at)))
        return HEAD_AMBIGUOUS;
    while (*at != '\0')
        if (!read_header(head, &counts, next_line(&at)))
            return HEAD_AMBIGUOUS;

    bool is_1_0 = strcmp(head->version, "HTTP/1.0") == 0;
    if (!framing_is_clear(head, &counts) || counts.hosts > 1 || (counts.hosts == 0 && !is_1_0))
        return HEAD_AMBIGUOUS;
    head->body.content_length = head->content_length;
    head->body.is_put = strcmp(head->method, "PUT") == 0;
    head->body_headers_repeated = counts.content_types > 1 || counts.content_encodings > 1;
    head->expects_continue = head->expects_continue && !is_1_0;
    head->keep_alive = !counts.close && (!is_1_0 || counts.keep_alive);
    return HEAD_OK;
}

void head_free(struct head *head)
{
    free(head->lines);
    head->lines = NULL;
}
