#include "multipart.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    BOUNDARY_MAX = 70,          /* RFC 2046 */
    HEADERS_MAX = 16 * 1024,    /* a path of 4096 bytes, each escaped, and some margin */
};

enum state {
    PREAMBLE,   /* nothing may precede the first delimiter */
    DELIMITED,  /* after a delimiter: CRLF for a part, -- for the end */
    HEADERS,
    CONTENT,
    EPILOGUE,   /* ignored, as the standard requires */
    BROKEN,
};

struct multipart {
    enum state state;
    bool in_part;
    char delimiter[4 + BOUNDARY_MAX];  /* CRLF -- boundary */
    size_t delimiter_len;
    size_t matched;                    /* bytes of the delimiter seen at the end of the input so far */
    char tail[2];                      /* the bytes after a delimiter */
    size_t tail_len;
    char headers[HEADERS_MAX];
    size_t headers_len;
    char *name, *filename;             /* decoded in place in `headers` */
};

static bool is_space(char c)
{
    return c == ' ' || c == '\t';
}

static char *skip_spaces(char *at)
{
    while (is_space(*at))
        at++;
    return at;
}

/* RFC 9110 token characters. */
static size_t token_length(const char *text)
{
    return strspn(text, "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
}

/* Decodes the quoted string at `*at`, its opening quote, in place. A backslash escapes a quote or
 * a backslash (RFC 2183, as written by httpx, Go and curl) and is literal before anything else; %22, %0A and
 * %0D are the encodings of a quote, LF and CR in the HTML standard's form encoding, and so in every browser,
 * Node and httpx. No other %XX is an escape there. */
static char *quoted_string(char **at)
{
    char *in = *at + 1, *start = in, *out = in;
    for (; *in != '"'; in++) {
        if (*in == '\0')
            return NULL;
        if (*in == '\\' && (in[1] == '"' || in[1] == '\\'))
            *out++ = *++in;
        else if (strncmp(in, "%22", 3) == 0)
            *out++ = '"', in += 2;
        else if (strncmp(in, "%0A", 3) == 0)
            *out++ = '\n', in += 2;
        else if (strncmp(in, "%0D", 3) == 0)
            *out++ = '\r', in += 2;
        else
            *out++ = *in;
    }
    *at = in + 1;
    *out = '\0';
    return start;
}

/* One `; name=value`. The next character, ';' or NUL, is stored in `*next` before the token's end is
 * overwritten with NUL. */
static bool parameter(char **at, char **name, char **value, char *next)
{
    char *in = skip_spaces(*at);
    size_t len = token_length(in);
    if (len == 0 || in[len] != '=')
        return false;
    in[len] = '\0';
    *name = in;
    in += len + 1;

    char *value_end;
    if (*in == '"') {
        *value = quoted_string(&in);
        if (*value == NULL)
            return false;
        value_end = NULL;  /* ended by quoted_string */
    } else {
        *value = in;
        in += token_length(in);
        if (in == *value)
            return false;
        value_end = in;
    }
    in = skip_spaces(in);
    *next = *in;
    if (*next != ';' && *next != '\0')
        return false;
    if (value_end != NULL)
        *value_end = '\0';
    *at = *next == ';' ? in + 1 : in;
    return true;
}

struct multipart *multipart_new(const char *content_type)
{
    char *copy = strdup(content_type);
    if (copy == NULL)
        return NULL;
    struct multipart *parser = NULL;
    char *boundary = NULL;
    char *at = strchr(copy, ';');
    char next = at == NULL ? '\0' : ';';
    if (at != NULL)
        at++;
    while (next == ';') {
        char *name, *value;
        if (!parameter(&at, &name, &value, &next))
            goto out;
        if (strcasecmp(name, "boundary") != 0)
            continue;
        if (boundary != NULL)
            goto out;
        boundary = value;
    }
    size_t len = boundary == NULL ? 0 : strlen(boundary);
    if (len == 0 || len > BOUNDARY_MAX || strpbrk(boundary, "\r\n") != NULL)
        goto out;
    parser = calloc(1, sizeof *parser);
    if (parser == NULL)
        goto out;
    memcpy(parser->delimiter, "\r\n--", 4);
    memcpy(parser->delimiter + 4, boundary, len);
    parser->delimiter_len = 4 + len;
    parser->state = PREAMBLE;
    parser->matched = 2;  /* the start of the body counts as the start of a line */
out:
    free(copy);
    return parser;
}

void multipart_free(struct multipart *parser)
{
    free(parser);
}

/* form-data; name="…"; filename="…" */
static bool read_disposition(struct multipart *parser, char *value)
{
    char *at = skip_spaces(value);
    size_t len = token_length(at);
    if (len != strlen("form-data") || strncasecmp(at, "form-data", len) != 0)
        return false;
    at = skip_spaces(at + len);
    char next = *at;
    if (next != ';' && next != '\0')
        return false;
    if (next == ';')
        at++;
    while (next == ';') {
        char *name, *text;
        if (!parameter(&at, &name, &text, &next))
            return false;
        char **target = strcasecmp(name, "name") == 0       ? &parser->name
                        : strcasecmp(name, "filename") == 0 ? &parser->filename
                                                            : NULL;
        /* RFC 7578 forbids filename*: it would be a second name for the same file. */
        if (strcasecmp(name, "filename*") == 0 || (target != NULL && *target != NULL))
            return false;
        if (target != NULL)
            *target = text;
    }
    return true;
}

/* The header lines of a part, each ended by CRLF. Only Content-Disposition is used. */
static bool read_headers(struct multipart *parser)
{
    bool seen = false;
    char *line = parser->headers, *end = parser->headers + parser->headers_len;
    if (memchr(line, '\0', parser->headers_len) != NULL)
        return false;
    parser->name = parser->filename = NULL;
    while (line < end) {
        char *line_end = strstr(line, "\r\n");
        *line_end = '\0';
        size_t len = token_length(line);
        if (len == 0 || line[len] != ':' || strpbrk(line, "\r\n") != NULL)
            return false;
        if (len == strlen("Content-Disposition") && strncasecmp(line, "Content-Disposition", len) == 0) {
            if (seen || !read_disposition(parser, line + len + 1))
                return false;
            seen = true;
        }
        line = line_end + 2;
    }
    return seen;
}

static void take(const char **input, size_t *len, size_t count)
{
    *input += count;
    *len -= count;
}

/* The length of the input that is certainly content: up to the delimiter, or to the start of one at the end
 * of the input. */
static size_t content_length(const struct multipart *parser, const char *input, size_t len)
{
    const char *at = input, *end = input + len;
    while ((at = memchr(at, '\r', (size_t)(end - at))) != NULL) {
        size_t comparable = (size_t)(end - at);
        if (comparable > parser->delimiter_len)
            comparable = parser->delimiter_len;
        if (memcmp(at, parser->delimiter, comparable) == 0)
            return (size_t)(at - input);
        at++;
    }
    return len;
}

static enum multipart_event next_header_byte(struct multipart *parser, char byte)
{
    if (parser->headers_len == sizeof parser->headers)
        return MULTIPART_MALFORMED;
    parser->headers[parser->headers_len++] = byte;
    size_t len = parser->headers_len;
    if (len < 4 || memcmp(parser->headers + len - 4, "\r\n\r\n", 4) != 0)
        return MULTIPART_MORE;
    parser->headers_len -= 2;  /* the empty line */
    /* The byte after the last header is free now; use it as the terminating NUL. */
    parser->headers[parser->headers_len] = '\0';
    return read_headers(parser) ? MULTIPART_BEGIN : MULTIPART_MALFORMED;
}

enum multipart_event multipart_next(struct multipart *parser, const char **input, size_t *len, const char **content,
                                    size_t *content_len)
{
    while (*len > 0) {
        switch (parser->state) {
        case CONTENT:
            if (parser->matched == 0) {
                *content = *input;
                *content_len = content_length(parser, *input, *len);
                take(input, len, *content_len);
                if (*content_len > 0)
                    return MULTIPART_CONTENT;
            }
            /* fall through */
        case PREAMBLE:
            if (**input != parser->delimiter[parser->matched]) {
                if (parser->state == PREAMBLE) {
                    parser->state = BROKEN;
                    return MULTIPART_MALFORMED;
                }
                /* The bytes looked like a delimiter but are content. No suffix of them can start one, because
                 * CR occurs only at the start of a delimiter. */
                *content = parser->delimiter;
                *content_len = parser->matched;
                parser->matched = 0;
                return MULTIPART_CONTENT;
            }
            take(input, len, 1);
            if (++parser->matched < parser->delimiter_len)
                break;
            parser->matched = 0;
            parser->tail_len = 0;
            parser->state = DELIMITED;
            if (parser->in_part) {
                parser->in_part = false;
                return MULTIPART_END;
            }
            break;
        case DELIMITED:
            parser->tail[parser->tail_len++] = **input;
            take(input, len, 1);
            if (parser->tail_len < sizeof parser->tail)
                break;
            if (memcmp(parser->tail, "\r\n", 2) == 0) {
                parser->headers_len = 0;
                parser->state = HEADERS;
                break;
            }
            if (memcmp(parser->tail, "--", 2) == 0) {
                parser->state = EPILOGUE;
                break;
            }
            parser->state = BROKEN;
            break;
        case HEADERS: {
            enum multipart_event event = next_header_byte(parser, **input);
            take(input, len, 1);
            if (event == MULTIPART_MORE)
                break;
            parser->in_part = event == MULTIPART_BEGIN;
            parser->state = event == MULTIPART_BEGIN ? CONTENT : BROKEN;
            return event;
        }
        case EPILOGUE:
            take(input, len, *len);
            break;
        case BROKEN:
            return MULTIPART_MALFORMED;
        }
    }
    return parser->state == BROKEN ? MULTIPART_MALFORMED : MULTIPART_MORE;
}

bool multipart_is_complete(const struct multipart *parser)
{
    return parser->state == EPILOGUE;
}

const char *multipart_name(const struct multipart *parser)
{
    return parser->name;
}

const char *multipart_filename(const struct multipart *parser)
{
    return parser->filename;
}
