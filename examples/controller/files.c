#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static bool is_utf8(const char *text, size_t len)
{
    /* A name that the JSON library refuses could not be part of an answer. */
    json_t *string = json_stringn(text, len);
    json_decref(string);
    return string != NULL;
}

static bool is(const char *text, size_t len, const char *word)
{
    return len == strlen(word) && memcmp(text, word, len) == 0;
}

static bool is_user_name(const char *user, size_t len)
{
    return len > 0 && len <= NAME_MAX && memchr(user, '/', len) == NULL && memchr(user, '\0', len) == NULL &&
           !is(user, len, ".") && !is(user, len, "..") && is_utf8(user, len);
}

static const char *resolve(struct file_path *out, const char *path, size_t path_len, const char *user,
                           size_t user_len)
{
    if (user_len == 0) {
        user = "user";
        user_len = strlen(user);
    }
    if (!is_user_name(user, user_len))
        return "invalid username";
    if (memchr(path, '\0', path_len) != NULL)
        return "path contains a NUL byte";
    if (!is_utf8(path, path_len))
        return "path is not UTF-8";

    size_t used = 0;
    if (path_len == 0 || path[0] != '/') {
        int home = is(user, user_len, "root")
                       ? snprintf(out->text, sizeof out->text, "/root")
                       : snprintf(out->text, sizeof out->text, "/home/%.*s", (int)user_len, user);
        used = (size_t)home;
    }
    const char *end = path + path_len;
    while (path < end) {
        const char *slash = memchr(path, '/', (size_t)(end - path));
        size_t len = (size_t)((slash == NULL ? end : slash) - path);
        if (is(path, len, ".."))
            return "path contains '..'";
        if (len > 0 && !is(path, len, ".")) {
            if (used + 1 + len >= sizeof out->text)
                return "path is too long";
            out->text[used++] = '/';
            memcpy(out->text + used, path, len);
            used += len;
        }
        path += len + (slash != NULL);
    }
    if (used == 0)
        out->text[used++] = '/';
    out->text[used] = '\0';
    return NULL;
}

const char *file_path_resolve(struct file_path *out, const char *path, size_t path_len, const char *user,
                              size_t user_len)
{
    const char *problem = resolve(out, path, path_len, user, user_len);
    if (problem != NULL)
        out->text[0] = '\0';
    return problem;
}

bool file_path_is_reserved(const struct file_path *path)
{
    const char *prefix = "/" FILES_TEMPORARY_PREFIX;
    return strcasestr(path->text, prefix) != NULL;
}

const char *file_path_name(const struct file_path *path)
{
    return strrchr(path->text, '/') + 1;
}

int files_open_root(const char *directory)
{
    int fd = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
    return fd < 0 ? -errno : fd;
}

static int open_openat2(int root, const char *directory)
{
#ifdef WITHOUT_OPENAT2 /* to test what older kernels and strict seccomp filters leave */
    (void)root, (void)directory;
    errno = ENOSYS;
    return -1;
#else
    struct open_how how = {
        .flags = O_PATH | O_DIRECTORY | O_CLOEXEC,
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS,
    };
    return (int)syscall(SYS_openat2, root, directory, &how, sizeof how);
#endif
}

/* Opens one path component. Every step starts at a descriptor and follows no link, so that no concurrent
 * change of the tree leads out of it. Takes ownership of `at`. */
static int step(int at, const char *name, bool create)
{
    int next = openat(at, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (next < 0 && errno == ENOENT && create && (mkdirat(at, name, 0777) == 0 || errno == EEXIST))
        next = openat(at, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    int error = next < 0 ? errno : 0;
    (void)close(at);
    if (error != 0)
        return -error;

    struct stat status;
    if (fstat(next, &status) != 0)
        error = errno;
    else if (S_ISLNK(status.st_mode))
        error = ELOOP;
    else if (!S_ISDIR(status.st_mode))
        error = ENOTDIR;
    if (error == 0)
        return next;
    (void)close(next);
    return -error;
}

static int walk(int root, const char *directory, bool create)
{
    int at = openat(root, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (at < 0)
        return -errno;
    while (*directory != '\0' && at >= 0) {
        size_t len = strcspn(directory, "/");
        char name[NAME_MAX + 1];
        if (len > NAME_MAX) {
            (void)close(at);
            return -ENAMETOOLONG;
        }
        memcpy(name, directory, len);
        name[len] = '\0';
        at = step(at, name, create);
        directory += len + (directory[len] == '/');
    }
    return at;
}

/* Opens the directory that contains `path`. */
static int open_parent(int root, const struct file_path *path, bool create)
{
    struct file_path parent = *path;
    char *name = strrchr(parent.text, '/');
    *name = '\0';
    const char *directory = name == parent.text ? "." : parent.text + 1;

    int fd = open_openat2(root, directory);
    if (fd >= 0)
        return fd;
    /* Walking creates directories, and reports a link and a missing directory in the same way on every
     * system. It also replaces openat2 where that is missing (ENOSYS) or filtered (EPERM). */
    return walk(root, directory, create);
}

int files_make_parent(int root, const struct file_path *path)
{
    return open_parent(root, path, true);
}

int files_open_parent(int root, const struct file_path *path)
{
    return open_parent(root, path, false);
}

int files_open_directory(int root, const char *path)
{
    int place = open_openat2(root, path + strspn(path, "/"));
    if (place < 0)
        place = walk(root, path + strspn(path, "/"), false);
    if (place < 0)
        return place;
    int fd = openat(place, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), error = errno;
    (void)close(place);
    return fd < 0 ? -error : fd;
}

int files_open_for_reading(int root, const struct file_path *path, uint64_t *size)
{
    if (strcmp(path->text, "/") == 0)
        return -EISDIR;
    if (file_path_is_reserved(path))
        return -ENOENT;
    int parent = open_parent(root, path, false);
    if (parent < 0)
        /* A file in place of a directory: the name does not exist. */
        return parent == -ENOTDIR ? -ENOENT : parent;

    /* O_NONBLOCK: a FIFO would block the thread. */
    int fd = openat(parent, file_path_name(path), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    int error = fd < 0 ? errno : 0;
    (void)close(parent);
    if (error != 0)
        return -error;

    struct stat status;
    if (fstat(fd, &status) != 0)
        error = errno;
    else if (S_ISDIR(status.st_mode))
        error = EISDIR;
    else if (!S_ISREG(status.st_mode))
        error = ENXIO;
    if (error != 0) {
        (void)close(fd);
        return -error;
    }
    *size = (uint64_t)status.st_size;
    return fd;
}

int files_check_place(int directory, const char *name, bool *exists, mode_t *mode)
{
    struct stat status;
    *exists = fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) == 0;
    if (!*exists)
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
