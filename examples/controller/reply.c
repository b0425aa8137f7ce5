#include "reply.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILE_NAME_MAX = 255 };

static void add_header(struct reply *reply, const char *name, const char *value)
{
    if (reply->response == NULL || MHD_add_response_header(reply->response, name, value) == MHD_YES)
        return;
    MHD_destroy_response(reply->response);
    reply->response = NULL;
}

/* Access is by token or signature and never by cookie, so any origin may ask, as at envd. */
static struct reply finished(unsigned status, uint64_t length, struct MHD_Response *response)
{
    struct reply reply = {.status = status, .length = length, .response = response};
    add_header(&reply, MHD_HTTP_HEADER_ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    return reply;
}

bool reply_fail(struct reply *out, struct reply reply)
{
    *out = reply;
    return false;
}

struct reply reply_empty(unsigned status)
{
    return finished(status, 0, MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT));
}

struct reply reply_preflight(void)
{
    struct reply reply = reply_empty(MHD_HTTP_NO_CONTENT);
    add_header(&reply, "Access-Control-Allow-Methods", "GET, HEAD, POST, PUT");
    add_header(&reply, "Access-Control-Allow-Headers", "*");
    add_header(&reply, "Access-Control-Max-Age", "7200");
    return reply;
}

struct reply reply_json(unsigned status, json_t *body)
{
    char *text = body == NULL ? NULL : json_dumps(body, JSON_COMPACT);
    json_decref(body);
    if (text == NULL)
        return (struct reply){.status = MHD_HTTP_INTERNAL_SERVER_ERROR};
    size_t len = strlen(text);
    struct MHD_Response *response = MHD_create_response_from_buffer(len, text, MHD_RESPMEM_MUST_FREE);
    if (response == NULL)
        free(text);
    struct reply reply = finished(status, len, response);
    add_header(&reply, MHD_HTTP_HEADER_CONTENT_TYPE, "application/json");
    return reply;
}

struct reply reply_refusal(sandgate_result refusal)
{
    char body[512];
    size_t len;
    unsigned status = sandgate_result_status(refusal);
    if (status == 0 || sandgate_refusal_json(refusal, body, sizeof body, &len) != SANDGATE_OK)
        return reply_error(MHD_HTTP_INTERNAL_SERVER_ERROR, "internal error");
    struct reply reply = finished(status, len, MHD_create_response_from_buffer(len, body, MHD_RESPMEM_MUST_COPY));
    add_header(&reply, MHD_HTTP_HEADER_CONTENT_TYPE, "application/json");
    return reply;
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
    return reply_error(MHD_HTTP_CONTENT_TOO_LARGE, "upload is larger than %llu bytes", bytes);
}

struct reply reply_errno(int error, const char *path)
{
    switch (error) {
    case ENOENT:
        return reply_error(MHD_HTTP_NOT_FOUND, "path '%s' does not exist", path);
    case EISDIR:
        return reply_error(MHD_HTTP_BAD_REQUEST, "path '%s' is a directory", path);
    case ENOTDIR:
        return reply_error(MHD_HTTP_BAD_REQUEST, "path '%s' goes through something that is no directory", path);
    case ELOOP:
        return reply_error(MHD_HTTP_BAD_REQUEST, "path '%s' goes through a symbolic link", path);
    case ENXIO:
        return reply_error(MHD_HTTP_BAD_REQUEST, "path '%s' is not a regular file", path);
    case ENAMETOOLONG:
        return reply_error(MHD_HTTP_BAD_REQUEST, "path is too long");
    case EACCES:
    case EPERM:
    case EROFS:
        return reply_error(MHD_HTTP_FORBIDDEN, "path '%s': permission denied", path);
    case ENOSPC:
    case EDQUOT:
        return reply_error(MHD_HTTP_INSUFFICIENT_STORAGE, "not enough disk space available");
    default:
        return reply_error(MHD_HTTP_INTERNAL_SERVER_ERROR, "internal error");
    }
}

static bool is_attribute_char(unsigned char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c != '\0' && strchr("!#$&+-.^_`|~", c) != NULL);
}

/* RFC 6266: the plain form while the name is a token, else an ASCII stand-in for old clients and the
 * whole name in the escaping of RFC 5987. Either way no byte of the name can end the header or a parameter. */
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
    struct MHD_Response *response = MHD_create_response_from_fd64(size, fd);
    if (response == NULL)
        (void)close(fd);
    struct reply reply = finished(MHD_HTTP_OK, size, response);
    char disposition[4 * FILE_NAME_MAX + 64];
    write_disposition(disposition, sizeof disposition, name);
    add_header(&reply, MHD_HTTP_HEADER_CONTENT_DISPOSITION, disposition);
    add_header(&reply, MHD_HTTP_HEADER_CONTENT_TYPE, "application/octet-stream");
    /* A browser must not guess a page out of an uploaded file. */
    add_header(&reply, "X-Content-Type-Options", "nosniff");
    return reply;
}
