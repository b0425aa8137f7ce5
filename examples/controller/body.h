/* The body of POST or PUT /files on its way to the disk: size limit, gzip, then one file or the parts of a form. */
#ifndef BODY_H
#define BODY_H

#include "limiter.h"
#include "multipart.h"
#include "rule.h"
#include "upload.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <zlib.h>

/* The request's headers about its body; NULL if a header is absent. */
struct body_headers {
    const char *content_type, *content_encoding;
    bool has_length;  /* and not chunks */
    uint64_t content_length;
    bool is_put;  /* the body is the file, whatever its type */
    bool is_range;  /* the body claims to be only a part of the file */
};

struct body {
    struct upload upload;
    struct limiter limiter;       /* the signed limits; `limit` is the daemon's own */
    struct multipart *form;       /* NULL: the body is the file */
    bool explicit_path;           /* the query named the file, so it is in `path` */
    bool in_file;                 /* the current part is a file to keep */
    struct file_path path;
    char user[NAME_MAX];
    size_t user_len;
    bool gzip, gzip_ended;
    z_stream inflater;
    uint64_t received, decoded, limit;
};

/* These return false and set the reply if the upload cannot continue. Call body_close after body_begin in
 * both cases. */
bool body_begin(struct body *body, int root, uint64_t limit, const struct verdict *verdict,
                const struct body_headers *headers, struct reply *failure);
bool body_receive(struct body *body, const char *bytes, size_t len, struct reply *failure);

/* All bytes have arrived: sets the reply and, on success, puts the files into place. */
struct reply body_finish(struct body *body);

void body_close(struct body *body);

#endif
