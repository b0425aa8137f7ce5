/* Puts the files of an upload into place: all of them or none. */
#ifndef COMMIT_H
#define COMMIT_H

#include "upload.h"

/* Returns 0, or an errno value and in `*failed` the file that could not be put into place; then nothing has
 * changed. ESTALE: the path no longer leads to its directory. Only a kill during the call can leave some
 * files in place and others not. */
int commit(struct upload *upload, const struct upload_file **failed);

#endif
