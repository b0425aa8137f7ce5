/* Unfinished uploads on the disk. Their names let a later run of the daemon recognise and remove those that a
 * kill left. */
#ifndef TEMPORARY_H
#define TEMPORARY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct temporary {
    char name[48];
};

/* Chooses the names of this run. Call it once, before the others. Returns 0 or an errno value. */
int temporary_start(void);

/* Makes a name that is unique in this run. */
void temporary_name(struct temporary *temporary);

/* Creates a file with a new name in `directory`. Returns its descriptor, or a negated errno value. */
int temporary_create(int directory, struct temporary *temporary);

/* Whether a file of this name was left by an earlier run. */
bool temporary_is_left(const char *name);

#endif
