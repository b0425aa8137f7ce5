#include "temporary.h"

#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

enum { HEX_DIGITS = 16 };  /* 8 for the run, 8 for the file */

static uint32_t run;
static _Atomic uint32_t files;

int temporary_start(void)
{
    return getrandom(&run, sizeof run, 0) == (ssize_t)sizeof run ? 0 : EIO;
}

void temporary_name(struct temporary *temporary)
{
    snprintf(temporary->name, sizeof temporary->name, FILES_TEMPORARY_PREFIX "%08" PRIx32 "%08" PRIx32, run,
             atomic_fetch_add(&files, 1));
}

int temporary_create(int directory, struct temporary *temporary)
{
    temporary_name(temporary);
    int fd = openat(directory, temporary->name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    return fd < 0 ? -errno : fd;
}

bool temporary_is_left(const char *name)
{
    size_t prefix_len = strlen(FILES_TEMPORARY_PREFIX);
    if (strncmp(name, FILES_TEMPORARY_PREFIX, prefix_len) != 0)
        return false;
    const char *digits = name + prefix_len;
    char ours[HEX_DIGITS / 2 + 1];
    snprintf(ours, sizeof ours, "%08" PRIx32, run);
    return strspn(digits, "0123456789abcdef") == HEX_DIGITS && digits[HEX_DIGITS] == '\0' &&
           strncmp(digits, ours, strlen(ours)) != 0;
}
