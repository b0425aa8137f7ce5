/* Unfinished uploads on the disk. They are named so that a later run of the daemon knows them for what they are, and
 * sweeps away those that a kill left behind. */
#ifndef TEMPORARY_H
#define TEMPORARY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct temporary {
    char name[48];
};

/* Chooses the name under which this run writes. To be called once, before the others; returns 0 or an errno value. */
int temporary_start(void);

/* Makes a new name, that nothing in this run has had. */
void temporary_name(struct temporary *temporary);

/* Creates a file of a new name in `directory`: its descriptor, or an errno value negated. */
int temporary_create(int directory, struct temporary *temporary);

/* Whether a file of this name was left by a run that is over. */
bool temporary_is_left(const char *name);

#endif
