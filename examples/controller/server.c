#include "server.h"

#include "head.h"
#include "log.h"
#include "reply.h"
#include "rule.h"
#include "target.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
    THREADS = 4,
    CONNECTIONS_MAX = 256,
    IDLE_SECONDS = 60,
    CONNECTION_MEMORY = 128 * 1024,  /* also bounds the request line and the headers */
    DRAIN_BEYOND_LIMIT = 64 * 1024 * 1024,
};

struct request {
    const struct server *server;
    bool begun;
    bool receiving;  /* `body` is in use */
    bool answered;
    struct body body;
    struct reply reply;
    /* for the log */
    struct route route;
    char method[24];
    const char *token;
    char fingerprint[9];
    struct file_path file;
    uint64_t received, dropped;
    const char *raw_target;  /* where MHD has it */
    char target[];  /* as on the request line: MHD writes into its own copy later */
};

/* How much of a refused body is read and dropped, so that a client that sends first and reads later gets its answer
 * instead of a reset connection: what an upload may have, and some more for those just over the limit. */
static uint64_t drain_max(const struct server *server)
{
    return server->max_upload + DRAIN_BEYOND_LIMIT;
}

static void note_token(struct request *request, const sandgate_header *token)
{
    request->token = "-";
    if (token->count > 1)
        request->token = "repeated";
    else if (token->value_len > 0 &&
             sandgate_fingerprint(token->value, token->value_len, request->fingerprint) == SANDGATE_OK)
        request->token = request->fingerprint;
}

static void stop_receiving(struct request *request)
{
    if (request->receiving)
        body_close(&request->body);
    request->receiving = false;
}

static struct reply answer_download(struct request *request, const struct verdict *verdict)
{
    const char *problem = file_path_resolve(&request->file, verdict->path, verdict->path_len, verdict->user,
                                            verdict->user_len);
    if (problem != NULL)
        return reply_error(MHD_HTTP_BAD_REQUEST, "%s", problem);
    uint64_t size;
    int fd = files_open_for_reading(request->server->root, &request->file, &size);
    if (fd < 0)
        return reply_errno(-fd, request->file.text);
    return reply_file(fd, size, file_path_name(&request->file));
}

static bool is_method(const struct request *request, const char *method)
{
    return strcmp(request->method, method) == 0;
}

static struct reply answer_other(const struct request *request, const struct verdict *verdict)
{
    bool get = is_method(request, "GET"), post = is_method(request, "POST");
    /* The rule found no file in it: the query cannot be read. With tokens that is refused before. */
    if (verdict->open && rule_path_is(request->target, "/files") &&
        (get || post || is_method(request, "HEAD") || is_method(request, "PUT")))
        return reply_error(MHD_HTTP_BAD_REQUEST, "malformed request");
    if (get && rule_path_is(request->target, "/health"))
        return reply_empty(MHD_HTTP_NO_CONTENT);
    /* The real controller is configured here, and checks by other means who does it. This one has nothing to set. */
    if (post && rule_path_is(request->target, "/init"))
        return reply_empty(MHD_HTTP_NO_CONTENT);
    return reply_error(MHD_HTTP_NOT_FOUND, "not found");
}

/* Decides, before a byte of the body is read. What stays undecided is an upload that may go on. */
static void begin(struct request *request, const struct head *head)
{
    if (head->ambiguous) {
        request->reply = reply_error(MHD_HTTP_BAD_REQUEST, "ambiguous request");
        return;
    }

    struct verdict verdict;
    sandgate_result result = rule_check(request->server->rule, request->method, request->target, head->lines,
                                        head->line_count, &verdict);
    if (result != SANDGATE_OK) {
        request->reply = reply_refusal(result);
        return;
    }
    if (verdict.preflight)
        request->reply = reply_preflight();
    else if (verdict.operation == OPERATION_NONE)
        request->reply = answer_other(request, &verdict);
    else if (verdict.too_long)
        request->reply = reply_error(MHD_HTTP_BAD_REQUEST, "path or username is too long");
    else if (verdict.operation == OPERATION_READ)
        request->reply = answer_download(request, &verdict);
    else if (head->body_headers_repeated)
        request->reply = reply_error(MHD_HTTP_BAD_REQUEST, "repeated content type or content encoding");
    else {
        request->receiving = true;
        (void)body_begin(&request->body, request->server->root, request->server->max_upload, &verdict,
                         &head->body, &request->reply);
        request->file = request->body.path;
    }
}

static enum MHD_Result send_reply(struct request *request, struct MHD_Connection *connection)
{
    if (request->reply.response == NULL)
        return MHD_NO;
    request->answered = true;
    return MHD_queue_response(connection, request->reply.status, request->reply.response);
}

/* A client that waits for "100 Continue" gets its refusal in place of it; where the body ends nobody knows, or where
 * it is too long to drain, the answer goes out at once too. MHD closes the connection behind such an answer. */
static bool must_answer_now(const struct request *request, const struct head *head)
{
    if (request->reply.status == 0)
        return false;
    const char *length = head->body.content_length;
    return head->expects_continue || head->ambiguous ||
           (length != NULL && strtoull(length, NULL, 10) > drain_max(request->server));
}

static enum MHD_Result on_first_call(struct request *request, struct MHD_Connection *connection, const char *method,
                                     const char *version)
{
    struct head head;
    struct request_line line = {method, request->raw_target, version, strlen(request->target)};
    request->begun = true;
    if (!head_read(&head, connection, &line))
        return MHD_NO;
    /* Longer than the buffer it is no method of ours, and cut it is still none. */
    strncpy(request->method, method, sizeof request->method - 1);
    note_token(request, &head.access_token);
    begin(request, &head);
    enum MHD_Result result = must_answer_now(request, &head) ? send_reply(request, connection) : MHD_YES;
    head_free(&head);
    return result;
}

static enum MHD_Result on_body(struct request *request, const char *bytes, size_t len)
{
    request->received += len;
    if (request->reply.status == 0) {
        /* Nothing of it is wanted any more; give the disk space back before the rest is drained. */
        if (!body_receive(&request->body, bytes, len, &request->reply))
            stop_receiving(request);
        return MHD_YES;
    }
    request->dropped += len;
    return request->dropped > drain_max(request->server) ? MHD_NO : MHD_YES;
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *connection, const char *url, const char *method,
                                  const char *version, const char *body, size_t *body_len, void **context)
{
    (void)cls, (void)url;
    struct request *request = *context;
    if (request == NULL)  /* no memory for it */
        return MHD_NO;
    if (!request->begun)
        return on_first_call(request, connection, method, version);
    if (*body_len > 0) {
        size_t len = *body_len;
        *body_len = 0;
        return on_body(request, body, len);
    }
    if (request->reply.status == 0)
        request->reply = body_finish(&request->body);
    /* What was refused is gone before the client hears of it. */
    stop_receiving(request);
    return send_reply(request, connection);
}

/* Called with the raw request target, before MHD takes it apart. */
static void *on_target(void *cls, const char *target, struct MHD_Connection *connection)
{
    (void)connection;
    const char *raw_target = target;
    if (target == NULL)
        target = "";
    size_t size = strlen(target) + 1;
    struct request *request = calloc(1, sizeof *request + size);
    if (request == NULL)
        return NULL;
    request->server = cls;
    request->token = "-";
    request->raw_target = raw_target;
    memcpy(request->target, target, size);
    route_from_target(&request->route, target);
    return request;
}

static void on_completed(void *cls, struct MHD_Connection *connection, void **context,
                         enum MHD_RequestTerminationCode code)
{
    (void)cls, (void)connection;
    struct request *request = *context;
    if (request == NULL)
        return;
    *context = NULL;
    log_request(&(struct log_entry){
        .method = request->begun ? request->method : "-",
        .route = &request->route,
        .file = request->file.text,
        .status = request->answered ? request->reply.status : 0,
        .received = request->received,
        .sent = request->answered && !is_method(request, "HEAD") ? request->reply.length : 0,
        .token = request->token,
        .cut = code != MHD_REQUEST_TERMINATED_COMPLETED_OK,
    });
    stop_receiving(request);
    if (request->reply.response != NULL)
        MHD_destroy_response(request->reply.response);
    free(request);
}

/* MHD's own decoding is never used; so that nothing can come to rely on it by accident, it does nothing. */
static size_t leave_escaped(void *cls, struct MHD_Connection *connection, char *text)
{
    (void)cls, (void)connection;
    return strlen(text);
}

int server_start(struct server *server, const struct sockaddr *address)
{
    unsigned flags = MHD_USE_AUTO_INTERNAL_THREAD;
    if (address->sa_family == AF_INET6)
        flags |= MHD_USE_IPv6;
    errno = 0;
    server->daemon = MHD_start_daemon(flags, 0, NULL, NULL, on_request, server,
                                      MHD_OPTION_SOCK_ADDR, address,
                                      MHD_OPTION_URI_LOG_CALLBACK, on_target, server,
                                      MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, NULL,
                                      MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL,
                                      MHD_OPTION_STRICT_FOR_CLIENT, 1,
                                      MHD_OPTION_THREAD_POOL_SIZE, (unsigned)THREADS,
                                      MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
                                      MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS,
                                      MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
                                      MHD_OPTION_END);
    if (server->daemon != NULL)
        return 0;
    return errno != 0 ? errno : EIO;
}

uint16_t server_port(const struct server *server)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
    return info == NULL ? 0 : info->port;
}

void server_stop(struct server *server)
{
    MHD_stop_daemon(server->daemon);
    server->daemon = NULL;
}
