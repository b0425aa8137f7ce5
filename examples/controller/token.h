/* Where the access token comes from. It goes straight into the rule and is wiped here. */
#ifndef TOKEN_H
#define TOKEN_H

#include <sandgate.h>
#include <stdbool.h>

#define TOKEN_VARIABLE "SANDGATE_ACCESS_TOKEN"

/* Each says on stderr what is wrong when it returns false: a token that was meant to be there and is not
 * must never end in an open daemon. */
bool token_from_file(const char *path, sandgate_controller *rule);
bool token_from_environment(sandgate_controller *rule);

#endif
