/* Candidates in turns: what slows the machine for a while slows all of them. */
#ifndef MEASURE_H
#define MEASURE_H

#include <stdbool.h>
#include <stddef.h>

/* One way to do the work of a row. `call` returns whether the answer is right. */
struct candidate {
    const char *row, *name;
    bool ours;
    bool (*call)(void);
};

/* Prints the least and the median of all rounds as one line of JSON, with versions as members of an object. */
int measure(const struct candidate *candidates, size_t count, bool once, const char *versions);

#endif
