/* A strict streaming reader of multipart/form-data (RFC 7578). It buffers one part's headers but none of its
 * content, and decodes file names as the SDKs encode them. */
#ifndef MULTIPART_H
#define MULTIPART_H

#include <stdbool.h>
#include <stddef.h>

enum multipart_event {
    MULTIPART_MORE,       /* the input is used up */
    MULTIPART_BEGIN,      /* a part begins: multipart_name() and multipart_filename() */
    MULTIPART_CONTENT,    /* a piece of its content */
    MULTIPART_END,        /* the part is complete */
    MULTIPART_MALFORMED,  /* nothing more can be parsed */
};

struct multipart;

/* For the value of the request's Content-Type; NULL without a usable boundary or without memory. */
struct multipart *multipart_new(const char *content_type);
void multipart_free(struct multipart *parser);

/* Consumes `input` up to the next event. `content` is set only with MULTIPART_CONTENT and is valid until the
 * next call. */
enum multipart_event multipart_next(struct multipart *parser, const char **input, size_t *input_len,
                                    const char **content, size_t *content_len);

/* True once the closing boundary has been read. */
bool multipart_is_complete(const struct multipart *parser);

/* Of the current part; NULL if it has none. */
const char *multipart_name(const struct multipart *parser);
const char *multipart_filename(const struct multipart *parser);

#endif
