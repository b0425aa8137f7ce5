#include "head.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { CRLF = 2 };

/* Repeated headers are counted, since they mean different things to different readers. */
struct reader {
    struct head *head;
    size_t lines_max;
    unsigned transfer_encodings, content_lengths, content_types, content_encodings;
    const char *transfer_encoding;
    bool odd;
    uintptr_t next;
};

/* MHD reads a head in place, but gives C strings, joins folded lines to the name instead of the value, and takes a bare
 * LF for an end of line. What it gives must therefore lie in its buffer without a gap: text that was cut at a NUL byte,
 * moved by joining, or ended otherwise than by CRLF does not. A bare CR stays in the text. */
static void expect(struct reader *reader, const char *text, size_t len, size_t behind)
{
    if ((uintptr_t)text != reader->next || memchr(text, '\r', len) != NULL)
        reader->odd = true;
    reader->next = (uintptr_t)text + len + behind;
}

static bool is_header(const char *key, size_t len, const char *name)
{
    return len == strlen(name) && strncasecmp(key, name, len) == 0;
}

/* RFC 9110, 5.6.2. MHD takes "Content-Length " for some other header, and the body for the next request. */
static bool is_token(const char *key, size_t len)
{
    static const char token[] = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    return len > 0 && strspn(key, token) == len;
}

static size_t without_space_behind(const char *value, size_t len)
{
    while (len > 0 && (value[len - 1] == ' ' || value[len - 1] == '\t'))
        len--;
    return len;
}

static enum MHD_Result read_header(void *cls, enum MHD_ValueKind kind, const char *key, size_t key_len,
                                   const char *value, size_t value_len)
{
    (void)kind;
    struct reader *reader = cls;
    struct head *head = reader->head;

    expect(reader, key, key_len, sizeof ":" - 1);
    if ((uintptr_t)value > reader->next)
        reader->next = (uintptr_t)value;  /* white space behind the colon */
    expect(reader, value, value_len, CRLF);
    if (!is_token(key, key_len))
        reader->odd = true;

    if (value == NULL || head->line_count == reader->lines_max) {
        reader->odd = true;  /* MHD does neither */
        return MHD_YES;
    }
    /* White space behind a value is no part of it (RFC 9110, 5.5); MHD leaves it there. */
    const sandgate_header_line line = {(const uint8_t *)key, key_len, (const uint8_t *)value,
                                       without_space_behind(value, value_len)};
    head->lines[head->line_count++] = line;

    if (is_header(key, key_len, "X-Access-Token")) {
        head->access_token.value = line.value;
        head->access_token.value_len = line.value_len;
        head->access_token.count++;
    } else if (is_header(key, key_len, MHD_HTTP_HEADER_TRANSFER_ENCODING)) {
        reader->transfer_encoding = value;
        reader->transfer_encodings++;
    } else if (is_header(key, key_len, MHD_HTTP_HEADER_CONTENT_LENGTH)) {
        head->body.content_length = value;
        reader->content_lengths++;
    } else if (is_header(key, key_len, MHD_HTTP_HEADER_CONTENT_TYPE)) {
        head->body.content_type = value;
        reader->content_types++;
    } else if (is_header(key, key_len, MHD_HTTP_HEADER_CONTENT_ENCODING)) {
        head->body.content_encoding = value;
        reader->content_encodings++;
    } else if (is_header(key, key_len, MHD_HTTP_HEADER_CONTENT_RANGE))
        head->body.is_range = true;
    else if (is_header(key, key_len, MHD_HTTP_HEADER_EXPECT))
        head->expects_continue = true;
    return MHD_YES;
}

/* MHD would let Transfer-Encoding win over Content-Length, read an unknown one until the connection closes, and take
 * chunks from HTTP/1.0, where a proxy that knows no such thing passes them on as the next request. */
static bool framing_is_clear(const struct reader *reader, const char *version)
{
    if (reader->transfer_encodings == 0)
        return reader->content_lengths <= 1;
    return strcmp(version, MHD_HTTP_VERSION_1_1) == 0 && reader->transfer_encodings == 1 &&
           reader->content_lengths == 0 && reader->transfer_encoding != NULL &&
           strcasecmp(reader->transfer_encoding, "chunked") == 0;
}

bool head_read(struct head *head, struct MHD_Connection *connection, const struct request_line *line)
{
    uintptr_t start = (uintptr_t)line->method;
    int count = MHD_get_connection_values_n(connection, MHD_HEADER_KIND, NULL, NULL);
    struct reader reader = {.head = head, .next = start, .lines_max = count > 0 ? (size_t)count : 0};
    *head = (struct head){.body.is_put = strcmp(line->method, "PUT") == 0};
    head->lines = calloc(reader.lines_max + 1, sizeof *head->lines);
    if (head->lines == NULL)
        return false;

    expect(&reader, line->method, strlen(line->method), sizeof " " - 1);
    expect(&reader, line->target, line->target_len, sizeof " " - 1);
    expect(&reader, line->version, strlen(line->version), CRLF);
    (void)MHD_get_connection_values_n(connection, MHD_HEADER_KIND, read_header, &reader);
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    if (info == NULL || reader.next + CRLF != start + info->header_size)
        reader.odd = true;

    head->ambiguous = reader.odd || !framing_is_clear(&reader, line->version);
    head->body_headers_repeated = reader.content_types > 1 || reader.content_encodings > 1;
    return true;
}

void head_free(struct head *head)
{
    free(head->lines);
    head->lines = NULL;
}
