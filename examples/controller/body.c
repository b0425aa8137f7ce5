#include "body.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

enum { INFLATED_PIECE = 32 * 1024 };

static bool malformed(struct reply *failure)
{
    return reply_fail(failure, reply_error(HTTP_BAD_REQUEST, "malformed multipart/form-data"));
}

static bool too_large(const struct body *body, struct reply *failure)
{
    return reply_fail(failure, reply_too_large(body->limit));
}

/* Compares the media type and ignores its parameters. */
static bool is_media_type(const char *content_type, const char *type)
{
    size_t len = strlen(type);
    if (content_type == NULL || strncasecmp(content_type, type, len) != 0)
        return false;
    const char *after = content_type + len + strspn(content_type + len, " \t");
    return *after == '\0' || *after == ';';
}

static bool begin_gzip(struct body *body, const char *content_encoding, struct reply *failure)
{
    if (content_encoding == NULL || strcasecmp(content_encoding, "identity") == 0)
        return true;
    if (strcasecmp(content_encoding, "gzip") != 0)
        return reply_fail(failure, reply_error(HTTP_UNSUPPORTED_MEDIA_TYPE, "content encoding is not supported"));
    enum { GZIP_WRAPPER = 16 };
    if (inflateInit2(&body->inflater, MAX_WBITS + GZIP_WRAPPER) != Z_OK)
        return reply_fail(failure, reply_errno(ENOMEM, ""));
    body->gzip = true;
    return true;
}

/* Whether the body is a form. If it is neither a form nor a complete file: false, and sets the reply. */
static bool read_type(const struct body_headers *headers, bool *form, struct reply *failure)
{
    *form = is_media_type(headers->content_type, "multipart/form-data");
    /* A client that sends a form here expects its parts to be parsed, so do not guess. */
    if (headers->is_put && *form)
        return reply_fail(failure, reply_error(HTTP_BAD_REQUEST, "PUT takes the file itself, not a form"));
    /* RFC 9110, 14.5: a part must not replace the complete file. */
    if (headers->is_put && headers->is_range)
        return reply_fail(failure, reply_error(HTTP_BAD_REQUEST, "PUT takes the whole file, not a range"));
    if (!headers->is_put && !*form && !is_media_type(headers->content_type, "application/octet-stream"))
        return reply_fail(failure,
                          reply_error(HTTP_BAD_REQUEST,
                                      "content type must be multipart/form-data or application/octet-stream"));
    return true;
}

/* Refuses a body whose stated length is too long. If there is no length, or if it is not the number of bytes
 * to be written, the limits are checked while the bytes arrive. */
static bool check_length(const struct body *body, const struct body_headers *headers, bool form,
                         struct reply *failure)
{
    if (!headers->has_length)
        return true;
    if (headers->content_length > body->limit)
        return too_large(body, failure);
    return form || body->gzip || limiter_has_room(&body->limiter, headers->content_length, failure);
}

static bool resolve(const struct body *body, struct file_path *out, const char *path, size_t len,
                    struct reply *failure)
{
    const char *problem = file_path_resolve(out, path, len, body->user, body->user_len);
    return problem == NULL || reply_fail(failure, reply_error(HTTP_BAD_REQUEST, "%s", problem));
}

bool body_begin(struct body *body, int root, uint64_t limit, const struct verdict *verdict,
                const struct body_headers *headers, struct reply *failure)
{
    *body = (struct body){.limit = limit, .user_len = verdict->user_len};
    memcpy(body->user, verdict->user, verdict->user_len);
    upload_init(&body->upload, root);
    limiter_init(&body->limiter, &verdict->limits);

    bool form;
    if (!read_type(headers, &form, failure))
        return false;
    if (!form && verdict->path_len == 0)
        return reply_fail(failure, reply_error(HTTP_BAD_REQUEST, "path is required"));
    if (!begin_gzip(body, headers->content_encoding, failure) ||
        !check_length(body, headers, form, failure))
        return false;
    if (form && (body->form = multipart_new(headers->content_type)) == NULL)
        return malformed(failure);

    body->explicit_path = verdict->path_len > 0;
    if (!body->explicit_path)
        return true;
    if (!resolve(body, &body->path, verdict->path, verdict->path_len, failure))
        return false;
    return form || upload_begin_file(&body->upload, &body->path, failure);
}

static bool begin_part(struct body *body, struct reply *failure)
{
    const char *name = multipart_name(body->form), *filename = multipart_filename(body->form);
    body->in_file = name != NULL && strcmp(name, "file") == 0;
    if (!body->in_file)
        return true;
    if (body->explicit_path) {
        if (body->upload.count > 0)
            return reply_fail(failure, reply_error(HTTP_BAD_REQUEST, "several files for one path"));
        return upload_begin_file(&body->upload, &body->path, failure);
    }
    if (filename == NULL || *filename == '\0')
        return reply_fail(failure, reply_error(HTTP_BAD_REQUEST, "a file has neither a path nor a file name"));
    struct file_path path;
    return resolve(body, &path, filename, strlen(filename), failure) &&
           upload_begin_file(&body->upload, &path, failure);
}

static bool write_content(struct body *body, const char *bytes, size_t len, struct reply *failure)
{
    return limiter_take(&body->limiter, bytes, len, failure) && upload_write(&body->upload, bytes, len, failure);
}

static bool receive_form(struct body *body, const char *bytes, size_t len, struct reply *failure)
{
    for (;;) {
        const char *content;
        size_t content_len;
        switch (multipart_next(body->form, &bytes, &len, &content, &content_len)) {
        case MULTIPART_MORE:
            return true;
        case MULTIPART_BEGIN:
            if (!begin_part(body, failure))
                return false;
            break;
        case MULTIPART_CONTENT:
            if (body->in_file && !write_content(body, content, content_len, failure))
                return false;
            break;
        case MULTIPART_END:
            if (body->in_file && !upload_end_file(&body->upload, failure))
                return false;
            break;
        case MULTIPART_MALFORMED:
            return malformed(failure);
        }
    }
}

static bool receive_decoded(struct body *body, const char *bytes, size_t len, struct reply *failure)
{
    body->decoded += len;
    if (body->decoded > body->limit)
        return too_large(body, failure);
    return body->form != NULL ? receive_form(body, bytes, len, failure)
                              : write_content(body, bytes, len, failure);
}

static bool receive_gzip(struct body *body, const char *bytes, size_t len, struct reply *failure)
{
    z_stream *inflater = &body->inflater;
    inflater->next_in = (Bytef *)(uintptr_t)bytes;
    inflater->avail_in = (uInt)len;
    bool more_output = false;
    while (inflater->avail_in > 0 || more_output) {
        /* A gzip file may have several members (RFC 1952). */
        if (body->gzip_ended && inflateReset(inflater) != Z_OK)
            return reply_fail(failure, reply_errno(EIO, ""));
        char decoded[INFLATED_PIECE];
        inflater->next_out = (Bytef *)decoded;
        inflater->avail_out = sizeof decoded;
        int result = inflate(inflater, Z_NO_FLUSH);
        if (result == Z_MEM_ERROR)
            return reply_fail(failure, reply_errno(ENOMEM, ""));
        if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)
            return reply_fail(failure, reply_error(HTTP_BAD_REQUEST, "malformed gzip body"));
        body->gzip_ended = result == Z_STREAM_END;
        more_output = inflater->avail_out == 0 && !body->gzip_ended;
        if (!receive_decoded(body, decoded, sizeof decoded - inflater->avail_out, failure))
            return false;
    }
    return true;
}

bool body_receive(struct body *body, const char *bytes, size_t len, struct reply *failure)
{
    body->received += len;
    if (body->received > body->limit)
        return too_large(body, failure);
    return body->gzip ? receive_gzip(body, bytes, len, failure) : receive_decoded(body, bytes, len, failure);
}

struct reply body_finish(struct body *body)
{
    struct reply failure;
    if (body->gzip && !body->gzip_ended)
        return reply_error(HTTP_BAD_REQUEST, "malformed gzip body");
    if (body->form == NULL) {
        if (!upload_end_file(&body->upload, &failure))
            return failure;
    } else {
        if (!multipart_is_complete(body->form)) {
            (void)malformed(&failure);
            return failure;
        }
        if (body->upload.count == 0)
            return reply_error(HTTP_BAD_REQUEST, "no file in the request");
    }
    if (!limiter_finish(&body->limiter, &failure))
        return failure;
    return upload_commit(&body->upload);
}

void body_close(struct body *body)
{
    upload_close(&body->upload);
    multipart_free(body->form);
    if (body->gzip)
        (void)inflateEnd(&body->inflater);
}
