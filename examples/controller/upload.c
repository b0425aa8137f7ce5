#include "upload.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

struct upload_file {
    struct file_path path;
    int directory;
    bool in_place;
    char temporary[48];
};

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

/* The descriptor of a new file in `directory`, its name in `temporary`; or an errno value negated. */
static int create_temporary(int directory, char *temporary, size_t size)
{
    uint64_t random;
    if (getrandom(&random, sizeof random, 0) != (ssize_t)sizeof random)
        return -EIO;
    snprintf(temporary, size, ".controller-upload-%016" PRIx64, random);
    int fd = openat(directory, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    return fd < 0 ? -errno : fd;
}

/* 0, or why no file can be put there. An overwritten file's permissions carry over to the new one. */
static int prepare_place(int directory, const char *name, mode_t *mode)
{
    struct stat status;
    *mode = 0;
    if (fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
        return errno == ENOENT ? 0 : errno;
    if (S_ISDIR(status.st_mode))
        return EISDIR;
    if (S_ISLNK(status.st_mode))
        return ELOOP;
    if (!S_ISREG(status.st_mode))
        return ENXIO;
    *mode = status.st_mode & 0777;
    return 0;
}

bool upload_begin_file(struct upload *upload, const struct file_path *path, struct reply *failure)
{
    if (strcmp(path->text, "/") == 0)
        return reply_fail(failure, reply_errno(EISDIR, path->text));
    if (upload->count == UPLOAD_MAX_FILES)
        return reply_fail(failure, reply_error(MHD_HTTP_BAD_REQUEST, "too many files in one upload"));
    for (size_t i = 0; i < upload->count; i++)
        if (strcmp(upload->files[i].path.text, path->text) == 0)
            return reply_fail(failure, reply_error(MHD_HTTP_BAD_REQUEST,
                                                   "several files for the path '%s' in one upload", path->text));

    struct upload_file *file = add_file(upload);
    if (file == NULL)
        return reply_fail(failure, reply_errno(ENOMEM, path->text));
    *file = (struct upload_file){.path = *path};

    file->directory = files_make_parent(upload->root, path);
    if (file->directory < 0)
        return reply_fail(failure, reply_errno(-file->directory, path->text));

    mode_t mode;
    int error = prepare_place(file->directory, file_path_name(path), &mode);
    if (error == 0) {
        upload->fd = create_temporary(file->directory, file->temporary, sizeof file->temporary);
        error = upload->fd < 0 ? -upload->fd : 0;
    }
    if (error != 0) {
        upload->fd = -1;
        (void)close(file->directory);
        return reply_fail(failure, reply_errno(error, path->text));
    }
    upload->count++;  /* from here on upload_close removes it */
    if (mode != 0 && fchmod(upload->fd, mode) != 0)
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
        struct upload_file *file = &upload->files[i];
        const char *name = file_path_name(&file->path);
        if (renameat(file->directory, file->temporary, file->directory, name) != 0) {
            int error = errno;
            json_decref(list);
            return reply_errno(error, file->path.text);
        }
        file->in_place = true;
        json_t *entry = json_pack("{s:s, s:s, s:s}", "name", name, "path", file->path.text, "type", "file");
        if (json_array_append_new(list, entry) != 0) {
            json_decref(list);
            list = NULL;
        }
    }
    return reply_json(MHD_HTTP_OK, list);
}

void upload_close(struct upload *upload)
{
    if (upload->fd >= 0)
        (void)close(upload->fd);
    for (size_t i = 0; i < upload->count; i++) {
        struct upload_file *file = &upload->files[i];
        if (!file->in_place)
            (void)unlinkat(file->directory, file->temporary, 0);
        (void)close(file->directory);
    }
    free(upload->files);
    upload_init(upload, upload->root);
}
