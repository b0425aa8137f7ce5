/* The files of one upload request. Each is written to its directory under a temporary name. All are renamed
 * when the request is complete, so that a broken upload leaves nothing and never half a file. */
#ifndef UPLOAD_H
#define UPLOAD_H

#include "files.h"
#include "reply.h"
#include "temporary.h"

#include <stdbool.h>
#include <stddef.h>

/* Every file keeps a descriptor of its directory until the end. */
enum { UPLOAD_MAX_FILES = 1000 };

struct upload_file {
    struct file_path path;
    int directory;
    struct temporary temporary;
    bool in_place;                /* it no longer has the temporary name */
    struct temporary replaced;    /* the second name of the replaced file */
    bool has_replaced;
};

struct upload {
    int root;
    int fd;  /* the file being written, -1 between files */
    struct upload_file *files;
    size_t count, capacity;
};

void upload_init(struct upload *upload, int root);

/* These return false and set the reply if the upload cannot continue. */
bool upload_begin_file(struct upload *upload, const struct file_path *path, struct reply *failure);
bool upload_write(struct upload *upload, const void *bytes, size_t len, struct reply *failure);
bool upload_end_file(struct upload *upload, struct reply *failure);

/* Puts all files into place, or none, and makes the answer: the list of written files, or the error. */
struct reply upload_commit(struct upload *upload);

/* Removes files that are not in place and frees everything. Call it after upload_commit too. */
void upload_close(struct upload *upload);

#endif
