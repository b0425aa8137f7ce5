/* Putting the files of an upload into place: all of them or none. */
#ifndef COMMIT_H
#define COMMIT_H

#include "upload.h"

/* Returns 0, or an errno value and in `*failed` the file that could not be put there; then everything is as it was
 * before. ESTALE: its directory is no longer where the path says. Only a kill in the middle of it leaves some files in
 * place and others not. */
int commit(struct upload *upload, const struct upload_file **failed);

#endif
