/* The files of one upload request. Each is written beside its place under a temporary name; all are renamed
 * into place when the whole request is in, so that a broken upload leaves nothing and never half a file. */
#ifndef UPLOAD_H
#define UPLOAD_H

#include "files.h"
#include "reply.h"
#include "temporary.h"

#include <stdbool.h>
#include <stddef.h>

/* Every file holds a descriptor of its directory until the end. */
enum { UPLOAD_MAX_FILES = 1000 };

struct upload_file {
    struct file_path path;
    int directory;
    struct temporary temporary;
    bool in_place;                /* it no longer has the temporary name */
    struct temporary replaced;    /* the second name of the file that was there before */
    bool has_replaced;
};

struct upload {
    int root;
    int fd;  /* the file being written, -1 between files */
    struct upload_file *files;
    size_t count, capacity;
};

void upload_init(struct upload *upload, int root);

/* These answer with false and the reply to the client when the upload cannot go on. */
bool upload_begin_file(struct upload *upload, const struct file_path *path, struct reply *failure);
bool upload_write(struct upload *upload, const void *bytes, size_t len, struct reply *failure);
bool upload_end_file(struct upload *upload, struct reply *failure);

/* Puts every file into place, or none, and makes the answer: a list of what was written, or what went wrong. */
struct reply upload_commit(struct upload *upload);

/* Removes what is not in place and frees everything; needed after upload_commit too. */
void upload_close(struct upload *upload);

#endif
