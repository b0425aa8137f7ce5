/* Removes unfinished uploads that an earlier run left below the root. */
#ifndef SWEEP_H
#define SWEEP_H

/* Searches the root in a separate thread, so that a large one does not delay the start. While another daemon
 * serves the same root, nothing is removed, because the files could be in use. Problems are only logged. */
void sweep_start(int root, const char *directory);

#endif
