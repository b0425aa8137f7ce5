#include "upload.h"

#include "commit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void upload_init(struct upload *upload, int root)
{
    *upload = (struct upload){.root = root, .fd = -1};
}

static struct upload_file *add_file(struct upload *upload)
{
    if (upload->count == upload->capacity) {
        size_t capacity = upload->capacity == 0 ? 1 : upload->capacity * 4;
        struct upload_file *files = realloc(upload->files, capacity * sizeof *files);
        if (files == NULL)
            return NULL;
        upload->files = files;
        upload->capacity = capacity;
    }
    return &upload->files[upload->count];
}

bool upload_begin_file(struct upload *upload, const struct file_path *path, struct reply *failure)
{
    if (strcmp(path->text, "/") == 0)
        return reply_fail(failure, reply_errno(EISDIR, path->text));
    if (file_path_is_reserved(path))
        return reply_fail(failure, reply_error(HTTP_BAD_REQUEST, "path '%s' is reserved for unfinished uploads", path->text));
    if (upload->count == UPLOAD_MAX_FILES)
        return reply_fail(failure, reply_error(HTTP_BAD_REQUEST, "too many files in one upload"));
    for (size_t i = 0; i < upload->count; i++)
        if (strcmp(upload->files[i].path.text, path->text) == 0)
            return reply_fail(failure, reply_error(HTTP_BAD_REQUEST,
                                                   "several files for the path '%s' in one upload", path->text));

    struct upload_file *file = add_file(upload);
    if (file == NULL)
        return reply_fail(failure, reply_errno(ENOMEM, path->text));
    *file = (struct upload_file){.path = *path};

    file->directory = files_make_parent(upload->root, path);
    if (file->directory < 0)
        return reply_fail(failure, reply_errno(-file->directory, path->text));

    bool exists;
    mode_t mode;
    int error = files_check_place(file->directory, file_path_name(path), &exists, &mode);
    if (error == 0) {
        upload->fd = temporary_create(file->directory, &file->temporary);
        error = upload->fd < 0 ? -upload->fd : 0;
    }
    if (error != 0) {
        upload->fd = -1;
        (void)close(file->directory);
        return reply_fail(failure, reply_errno(error, path->text));
    }
    upload->count++;  /* from here on upload_close removes it */
    /* An overwritten file's permissions carry over to the new one. */
    if (exists && fchmod(upload->fd, mode) != 0)
        return reply_fail(failure, reply_errno(errno, path->text));
    return true;
}

static const char *current_path(const struct upload *upload)
{
    return upload->files[upload->count - 1].path.text;
}

bool upload_write(struct upload *upload, const void *bytes, size_t len, struct reply *failure)
{
    const char *at = bytes;
    while (len > 0) {
        ssize_t written = write(upload->fd, at, len);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return reply_fail(failure, reply_errno(errno, current_path(upload)));
        at += written;
        len -= (size_t)written;
    }
    return true;
}

bool upload_end_file(struct upload *upload, struct reply *failure)
{
    int closed = close(upload->fd);
    upload->fd = -1;
    if (closed != 0)
        return reply_fail(failure, reply_errno(errno, current_path(upload)));
    return true;
}

struct reply upload_commit(struct upload *upload)
{
    json_t *list = json_array();
    for (size_t i = 0; i < upload->count; i++) {
        const struct file_path *path = &upload->files[i].path;
        json_t *entry = json_pack("{s:s, s:s, s:s}", "name", file_path_name(path), "path", path->text, "type", "file");
        if (json_array_append_new(list, entry) != 0) {
            json_decref(list);
            return reply_errno(ENOMEM, path->text);
        }
    }
    const struct upload_file *failed;
    int error = commit(upload, &failed);
    if (error == 0)
        return reply_json(HTTP_OK, list);
    json_decref(list);
    return reply_errno(error, failed->path.text);
}

void upload_close(struct upload *upload)
{
    if (upload->fd >= 0)
        (void)close(upload->fd);
    for (size_t i = 0; i < upload->count; i++) {
        struct upload_file *file = &upload->files[i];
        if (!file->in_place)
            (void)unlinkat(file->directory, file->temporary.name, 0);
        (void)close(file->directory);
    }
    free(upload->files);
    upload_init(upload, upload->root);
}
