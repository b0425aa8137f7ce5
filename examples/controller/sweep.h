/* Removes the unfinished uploads that an earlier run left beneath the root. */
#ifndef SWEEP_H
#define SWEEP_H

/* Looks through the whole root in a thread of its own, so that a large one does not delay the start. While another daemon
 * serves the same root nothing is removed, since the files could be its own. Problems are logged, and stop nothing else. */
void sweep_start(int root, const char *directory);

#endif
