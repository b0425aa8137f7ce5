/* Files below the root. No function here can reach anything outside it: paths are split into components, `..`
 * is refused, and symbolic links are never followed. */
#ifndef FILES_H
#define FILES_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The prefix of unfinished uploads. Such a name is never read, written or replaced for a client, anywhere in
 * a path and in any case, because some file systems are case-insensitive. */
#define FILES_TEMPORARY_PREFIX ".controller-upload-"

/* A path relative to the root: absolute, without empty components and ".". "/" is the root itself. */
struct file_path {
    char text[PATH_MAX];
};

/* Resolves a client's path. An absolute path is below the root; a relative one starts in the user's home,
 * /home/{user} (/root for root). An empty user is "user". Returns NULL, or the error text; then `out` is
 * empty. */
const char *file_path_resolve(struct file_path *out, const char *path, size_t path_len, const char *user,
                              size_t user_len);

/* Whether a component of the path is the name of an unfinished upload. */
bool file_path_is_reserved(const struct file_path *path);

/* The last component. */
const char *file_path_name(const struct file_path *path);

/* These return a descriptor, or a negated errno value. */
int files_open_root(const char *directory);
int files_open_for_reading(int root, const struct file_path *path, uint64_t *size);
/* The file's directory, created if it does not exist. */
int files_make_parent(int root, const struct file_path *path);
/* For reading its entries; `path` starts at the root, "/." is the root itself. */
int files_open_directory(int root, const char *path);
/* The file's current directory. */
int files_open_parent(int root, const struct file_path *path);

/* Returns 0, or the errno value that says why no file can be put there. If the file exists, sets `*mode` to
 * its permissions. */
int files_check_place(int directory, const char *name, bool *exists, mode_t *mode);

#endif
