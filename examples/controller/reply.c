#include "reply.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILE_NAME_MAX = 255 };

void reply_free(struct reply *reply)
{
    free(reply->lines);
    free(reply->body);
    if (reply->is_file)
        (void)close(reply->fd);
    *reply = (struct reply){0};
}

bool reply_fail(struct reply *out, struct reply reply)
{
    *out = reply;
    return false;
}

struct reply reply_empty(unsigned status)
{
    return (struct reply){.status = status};
}

/* Takes ownership of `body`; NULL if memory was exhausted. */
static struct reply with_body(unsigned status, char *body)
{
    char *lines = body == NULL ? NULL : strdup("Content-Type: application/json\r\n");
    if (lines == NULL) {
        free(body);
        return reply_empty(HTTP_INTERNAL_SERVER_ERROR);
    }
    return (struct reply){.status = status, .lines = lines, .body = body, .length = strlen(body)};
}

struct reply reply_preflight(void)
{
    struct reply reply = reply_empty(HTTP_NO_CONTENT);
    reply.lines = strdup("Access-Control-Allow-Methods: GET, HEAD, POST, PUT\r\n"
                         "Access-Control-Allow-Headers: *\r\n"
                         "Access-Control-Max-Age: 7200\r\n");
    return reply.lines == NULL ? reply_empty(HTTP_INTERNAL_SERVER_ERROR) : reply;
}

struct reply reply_json(unsigned status, json_t *body)
{
    char *text = body == NULL ? NULL : json_dumps(body, JSON_COMPACT);
    json_decref(body);
    return with_body(status, text);
}

struct reply reply_refusal(sandgate_result refusal)
{
    char body[512];
    size_t len;
    unsigned status = sandgate_result_status(refusal);
    if (status == 0 || sandgate_refusal_json(refusal, body, sizeof body, &len) != SANDGATE_OK)
        return reply_error(HTTP_INTERNAL_SERVER_ERROR, "internal error");
    return with_body(status, strndup(body, len));
}

struct reply reply_error(unsigned status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    json_t *message = json_vsprintf(format, arguments);
    va_end(arguments);
    return reply_json(status, json_pack("{s:i, s:o}", "code", (int)status, "message", message));
}

struct reply reply_too_large(uint64_t limit)
{
    unsigned long long bytes = limit;
    return reply_error(HTTP_CONTENT_TOO_LARGE, "upload is larger than %llu bytes", bytes);
}

struct reply reply_errno(int error, const char *path)
{
    switch (error) {
    case ENOENT:
        return reply_error(HTTP_NOT_FOUND, "path '%s' does not exist", path);
    case EISDIR:
        return reply_error(HTTP_BAD_REQUEST, "path '%s' is a directory", path);
    case ENOTDIR:
        return reply_error(HTTP_BAD_REQUEST, "path '%s' goes through something that is not a directory", path);
    case ELOOP:
        return reply_error(HTTP_BAD_REQUEST, "path '%s' goes through a symbolic link", path);
    case ENXIO:
        return reply_error(HTTP_BAD_REQUEST, "path '%s' is not a regular file", path);
    case ENAMETOOLONG:
        return reply_error(HTTP_BAD_REQUEST, "path is too long");
    case EACCES:
    case EPERM:
    case EROFS:
        return reply_error(HTTP_FORBIDDEN, "path '%s': permission denied", path);
    case ESTALE:
        return reply_error(HTTP_CONFLICT, "the directory of path '%s' was moved during the upload", path);
    case EMFILE:
    case ENFILE:
        return reply_error(HTTP_SERVICE_UNAVAILABLE, "too many open files");
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return reply_error(HTTP_INSUFFICIENT_STORAGE, "not enough disk space available");
    default:
        return reply_error(HTTP_INTERNAL_SERVER_ERROR, "internal error");
    }
}

static bool is_attribute_char(unsigned char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c != '\0' && strchr("!#$&+-.^_`|~", c) != NULL);
}

/* RFC 6266: the plain form if the name is a token, otherwise an ASCII substitute for old clients and the
 * complete name in the encoding of RFC 5987. In both forms no byte of the name can end the header or a
 * parameter. */
static void write_disposition(char *out, size_t size, const char *name)
{
    bool plain = *name != '\0';
    char fallback[FILE_NAME_MAX + 1], encoded[3 * FILE_NAME_MAX + 1];
    size_t fallback_len = 0, encoded_len = 0;
    for (const char *at = name; *at != '\0' && fallback_len < FILE_NAME_MAX; at++) {
        unsigned char c = (unsigned char)*at;
        bool quotable = c >= 0x20 && c < 0x7f && c != '"' && c != '\\' && c != '%';
        fallback[fallback_len++] = quotable ? (char)c : '_';
        if (is_attribute_char(c))
            encoded[encoded_len++] = (char)c;
        else {
            plain = false;
            encoded_len += (size_t)sprintf(encoded + encoded_len, "%%%02X", c);
        }
    }
    fallback[fallback_len] = encoded[encoded_len] = '\0';
    if (plain)
        snprintf(out, size, "inline; filename=%s", name);
    else
        snprintf(out, size, "inline; filename=\"%s\"; filename*=UTF-8''%s", fallback, encoded);
}

struct reply reply_file(int fd, uint64_t size, const char *name)
{
    char disposition[4 * FILE_NAME_MAX + 64];
    write_disposition(disposition, sizeof disposition, name);
    struct reply reply = {.status = HTTP_OK, .is_file = true, .fd = fd, .length = size};
    /* A browser must not interpret an uploaded file as a page. */
    if (asprintf(&reply.lines,
                 "Content-Disposition: %s\r\nContent-Type: application/octet-stream\r\n"
                 "X-Content-Type-Options: nosniff\r\n",
                 disposition) >= 0)
        return reply;
    reply.lines = NULL;
    reply_free(&reply);
    return reply_empty(HTTP_INTERNAL_SERVER_ERROR);
}

const char *reply_reason(unsigned status)
{
    static const struct {
        unsigned status;
        const char *reason;
    } known[] = {
        {HTTP_OK, "OK"},
        {HTTP_NO_CONTENT, "No Content"},
        {HTTP_BAD_REQUEST, "Bad Request"},
        {401, "Unauthorized"},
        {HTTP_FORBIDDEN, "Forbidden"},
        {HTTP_NOT_FOUND, "Not Found"},
        {HTTP_REQUEST_TIMEOUT, "Request Timeout"},
        {HTTP_CONFLICT, "Conflict"},
        {HTTP_CONTENT_TOO_LARGE, "Content Too Large"},
        {HTTP_UNSUPPORTED_MEDIA_TYPE, "Unsupported Media Type"},
        {HTTP_UNPROCESSABLE_CONTENT, "Unprocessable Content"},
        {HTTP_HEADERS_TOO_LARGE, "Request Header Fields Too Large"},
        {HTTP_INTERNAL_SERVER_ERROR, "Internal Server Error"},
        {HTTP_SERVICE_UNAVAILABLE, "Service Unavailable"},
        {HTTP_INSUFFICIENT_STORAGE, "Insufficient Storage"},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].status == status)
            return known[i].reason;
    return "Refused";
}
