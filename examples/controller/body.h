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

/* What the request says about its body; NULL where a header is absent. */
struct body_headers {
    const char *content_type, *content_encoding;
    bool has_length;  /* and not chunks */
    uint64_t content_length;
    bool is_put;  /* the body is the file, whatever its type */
    bool is_range;  /* or so it says: only a piece of it */
};

struct body {
    struct upload upload;
    struct limiter limiter;       /* what the signature allows, `limit` is the daemon's own */
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

/* These answer with false and the reply to the client when the upload cannot go on. body_close follows a true
 * and a false body_begin alike. */
bool body_begin(struct body *body, int root, uint64_t limit, const struct verdict *verdict,
                const struct body_headers *headers, struct reply *failure);
bool body_receive(struct body *body, const char *bytes, size_t len, struct reply *failure);

/* All bytes are in: the answer, and on success the files in their places. */
struct reply body_finish(struct body *body);

void body_close(struct body *body);

#endif
