#include "commit.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* One commit at a time, so that a rollback cannot remove a file of another commit. */
static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

/* Whether the path below the root still leads to the directory in which the file was written. The directory
 * may have been moved meanwhile, and a descriptor follows it. */
static int check_directory(int root, const struct upload_file *file)
{
    int now = files_open_parent(root, &file->path);
    if (now < 0)
        return now == -EMFILE || now == -ENFILE ? -now : ESTALE;
    struct stat then_status, now_status;
    bool same = fstat(file->directory, &then_status) == 0 && fstat(now, &now_status) == 0 &&
                then_status.st_dev == now_status.st_dev && then_status.st_ino == now_status.st_ino;
    (void)close(now);
    return same ? 0 : ESTALE;
}

/* Gives the file to be replaced a second name, from which it can be restored. */
static int keep_replaced(struct upload_file *file)
{
    const char *name = file_path_name(&file->path);
    bool exists;
    mode_t mode;
    int error = files_check_place(file->directory, name, &exists, &mode);
    if (error != 0 || !exists)
        return error;
    temporary_name(&file->replaced);
    if (linkat(file->directory, name, file->directory, file->replaced.name, 0) != 0)
        return errno;
    file->has_replaced = true;
    return 0;
}

static int put_in_place(struct upload_file *file)
{
    if (renameat(file->directory, file->temporary.name, file->directory, file_path_name(&file->path)) != 0)
        return errno;
    file->in_place = true;
    return 0;
}

static void take_back(struct upload_file *file)
{
    const char *name = file_path_name(&file->path);
    if (!file->in_place)
        return;
    if (file->has_replaced) {
        if (renameat(file->directory, file->replaced.name, file->directory, name) == 0)
            file->has_replaced = false;
    } else
        (void)unlinkat(file->directory, name, 0);
}

static int put_all(struct upload *upload, size_t *at)
{
    for (*at = 0; *at < upload->count; *at += 1) {
        struct upload_file *file = &upload->files[*at];
        int error = check_directory(upload->root, file);
        /* A single file needs no rollback: the rename is the last step that can fail. */
        if (error == 0 && upload->count > 1)
            error = keep_replaced(file);
        if (error == 0)
            error = put_in_place(file);
        if (error != 0)
            return error;
    }
    return 0;
}

int commit(struct upload *upload, const struct upload_file **failed)
{
    size_t at;
    pthread_mutex_lock(&one_at_a_time);
    int error = put_all(upload, &at);
    if (error != 0)
        for (size_t i = upload->count; i > 0; i--)
            take_back(&upload->files[i - 1]);
    for (size_t i = 0; i < upload->count; i++) {
        struct upload_file *file = &upload->files[i];
        if (file->has_replaced)
            (void)unlinkat(file->directory, file->replaced.name, 0);
    }
    pthread_mutex_unlock(&one_at_a_time);
    if (error != 0)
        *failed = &upload->files[at];
    return error;
}
