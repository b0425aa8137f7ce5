/* Files beneath the root. No function here can reach anything outside it: names are taken apart first,
 * `..` is refused, and no symbolic link is ever followed. */
#ifndef FILES_H
#define FILES_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A path seen from the root: absolute, without empty components and ".". "/" is the root itself. */
struct file_path {
    char text[PATH_MAX];
};

/* Resolves what a client named: an absolute path is one under the root, a relative one starts in the user's
 * home, /home/{user} (/root for root); an empty user is "user". Returns NULL, or what is wrong
 * with it; `out` is empty then. */
const char *file_path_resolve(struct file_path *out, const char *path, size_t path_len, const char *user,
                              size_t user_len);

/* The last component. */
const char *file_path_name(const struct file_path *path);

/* These return a descriptor, or an errno value negated. */
int files_open_root(const char *directory);
int files_open_for_reading(int root, const struct file_path *path, uint64_t *size);
/* The directory that the file is in, made when it does not exist yet. */
int files_make_parent(int root, const struct file_path *path);

#endif
