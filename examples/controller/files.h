/* Files beneath the root. No function here can reach anything outside it: names are taken apart first,
 * `..` is refused, and no symbolic link is ever followed. */
#ifndef FILES_H
#define FILES_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* How the names of unfinished uploads begin. Such a name is never read, written or replaced for a client, wherever it
 * stands in a path and in whatever case: some file systems do not tell cases apart. */
#define FILES_TEMPORARY_PREFIX ".controller-upload-"

/* A path seen from the root: absolute, without empty components and ".". "/" is the root itself. */
struct file_path {
    char text[PATH_MAX];
};

/* Resolves what a client named: an absolute path is one under the root, a relative one starts in the user's
 * home, /home/{user} (/root for root); an empty user is "user". Returns NULL, or what is wrong
 * with it; `out` is empty then. */
const char *file_path_resolve(struct file_path *out, const char *path, size_t path_len, const char *user,
                              size_t user_len);

/* Whether a component of the path has the name of an unfinished upload. */
bool file_path_is_reserved(const struct file_path *path);

/* The last component. */
const char *file_path_name(const struct file_path *path);

/* These return a descriptor, or an errno value negated. */
int files_open_root(const char *directory);
int files_open_for_reading(int root, const struct file_path *path, uint64_t *size);
/* The directory that the file is in, made when it does not exist yet. */
int files_make_parent(int root, const struct file_path *path);
/* For reading its entries; `path` is one from the root, "/." the root itself. */
int files_open_directory(int root, const char *path);
/* The directory that the file is in as of now. */
int files_open_parent(int root, const struct file_path *path);

/* Returns 0, or the errno value that says why no file can be put there. Of a file that exists, `*mode` has the
 * permissions. */
int files_check_place(int directory, const char *name, bool *exists, mode_t *mode);

#endif
