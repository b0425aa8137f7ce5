/* The requests of one connection, one after the other. */
#ifndef EXCHANGE_H
#define EXCHANGE_H

#include "connection.h"
#include "request.h"

/* Returns when the connection must be closed. */
void exchange_all(struct connection *connection, const struct site *site);

#endif
