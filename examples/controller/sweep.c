#include "sweep.h"

#include "files.h"
#include "log.h"
#include "temporary.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

/* The directories still to be searched, as paths from the root. They hold no descriptors, at any depth. */
struct pending {
    struct pending *next;
    char path[];
};

struct sweep {
    int root;
    int lock;
    struct pending *pending;
    size_t removed;
};

static bool push(struct sweep *sweep, const char *parent, const char *name)
{
    size_t parent_len = strlen(parent), name_len = strlen(name);
    if (parent_len + 1 + name_len >= PATH_MAX)  /* no client can name a file there */
        return true;
    struct pending *pending = malloc(sizeof *pending + parent_len + 1 + name_len + 1);
    if (pending == NULL)
        return false;
    memcpy(pending->path, parent, parent_len);
    pending->path[parent_len] = '/';
    memcpy(pending->path + parent_len + 1, name, name_len + 1);
    pending->next = sweep->pending;
    sweep->pending = pending;
    return true;
}

/* Virtual file systems such as /proc have no uploads and may be endless. */
static bool is_storage(int directory)
{
    struct statfs status;
    if (fstatfs(directory, &status) != 0)
        return false;
    switch ((unsigned long)status.f_type) {
    case PROC_SUPER_MAGIC:
    case SYSFS_MAGIC:
    case CGROUP_SUPER_MAGIC:
    case CGROUP2_SUPER_MAGIC:
    case DEVPTS_SUPER_MAGIC:
    case DEBUGFS_MAGIC:
    case TRACEFS_MAGIC:
        return false;
    default:
        return true;
    }
}

static bool look_at(struct sweep *sweep, const char *path, int directory, const struct dirent *entry)
{
    struct stat status;
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
        return true;
    if (entry->d_type == DT_DIR)
        return push(sweep, path, entry->d_name);
    bool left = temporary_is_left(entry->d_name);
    if (!left && entry->d_type != DT_UNKNOWN)
        return true;
    if (fstatat(directory, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0)
        return true;
    if (S_ISDIR(status.st_mode))
        return push(sweep, path, entry->d_name);
    if (left && S_ISREG(status.st_mode) && unlinkat(directory, entry->d_name, 0) == 0)
        sweep->removed++;
    return true;
}

static bool look_through(struct sweep *sweep, const char *path)
{
    int fd = files_open_directory(sweep->root, path);
    if (fd < 0)
        return true;  /* removed meanwhile, or not readable */
    DIR *stream = is_storage(fd) ? fdopendir(fd) : NULL;
    if (stream == NULL) {
        (void)close(fd);
        return true;
    }
    bool ok = true;
    const struct dirent *entry;
    while (ok && (entry = readdir(stream)) != NULL)
        ok = look_at(sweep, path, fd, entry);
    (void)closedir(stream);
    return ok;
}

static void *run(void *argument)
{
    struct sweep *sweep = argument;
    bool ok = push(sweep, "", ".");
    while (sweep->pending != NULL) {
        struct pending *pending = sweep->pending;
        sweep->pending = pending->next;
        ok = ok && look_through(sweep, pending->path);
        free(pending);
    }
    if (!ok)
        log_message("out of memory while looking for unfinished uploads of an earlier run");
    if (sweep->removed > 0)
        log_message("removed %zu unfinished uploads of an earlier run", sweep->removed);
    /* From now on the lock shows that a daemon uses the root, and does not exclude another daemon. */
    (void)flock(sweep->lock, LOCK_SH);
    free(sweep);
    return NULL;
}

void sweep_start(int root, const char *directory)
{
    /* Held until the process ends in any way. */
    int lock = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (lock < 0 || flock(lock, LOCK_EX | LOCK_NB) != 0) {
        log_message("%s: unfinished uploads of an earlier run are kept: %s", directory,
                    errno == EWOULDBLOCK ? "another daemon serves the same root" : strerror(errno));
        if (lock >= 0)
            (void)flock(lock, LOCK_SH | LOCK_NB);
        return;
    }
    struct sweep *sweep = malloc(sizeof *sweep);
    pthread_t thread;
    int error = sweep == NULL ? ENOMEM : 0;
    if (error == 0) {
        *sweep = (struct sweep){.root = root, .lock = lock};
        error = pthread_create(&thread, NULL, run, sweep);
    }
    if (error == 0)
        (void)pthread_detach(thread);
    else
        log_message("cannot look for unfinished uploads of an earlier run: %s", strerror(error));
}
