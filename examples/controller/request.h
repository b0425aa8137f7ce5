/* One request: the decision, its file, and the answer. */
#ifndef REQUEST_H
#define REQUEST_H

#include "body.h"
#include "head.h"
#include "init.h"
#include "reply.h"
#include "rule.h"
#include "target.h"

#include <sandgate.h>
#include <stdbool.h>
#include <stdint.h>

/* What a server offers: the port decides by the rule and serves the files below the root; the init socket changes
 * the rule. */
struct site {
    struct rule *rule;
    int root;
    uint64_t max_upload;
    bool is_init_socket;
    const char *expected_hash;  /* the file of the init socket; NULL: the host publishes nothing */
};

struct request {
    const struct site *site;
    bool receiving;      /* `body` is in use */
    struct reply reply;  /* set as soon as it is known */
    struct body body;
    struct init_body *init;  /* of an init socket; NULL: no such body */
    /* for the log */
    char method[24];
    struct route route;
    const char *token;
    char fingerprint[SANDGATE_FINGERPRINT_SIZE];
    struct file_path file;
    uint64_t received, sent;
    bool answered, cut;
};

/* For a head that could not be parsed: `reply` is the answer. */
void request_begin_broken(struct request *request, const struct site *site, const struct head *head,
                          struct reply reply);

/* Decides before a byte of the body is read. Without a reply, the request is an allowed upload or an initialisation.
 * The head is not needed afterwards. */
void request_begin(struct request *request, const struct site *site, const struct head *head);

/* Takes a piece of the body. On a refusal, sets `reply` and removes the upload. */
void request_receive(struct request *request, const char *bytes, size_t len);

/* The body is complete, or `failure` says why it never will be. Sets the reply. */
void request_finish(struct request *request);
void request_fail(struct request *request, struct reply failure);

/* Logs the request and frees what it holds. */
void request_end(struct request *request);

#endif
