/* Reading a small file into a buffer. */
#ifndef READ_ALL_H
#define READ_ALL_H

#include <sys/types.h>

/* Reads up to `size` bytes, to the end of the file. Returns their number; -1 with errno on failure. */
ssize_t read_all(int fd, char *out, size_t size);

#endif
