#include "request.h"

#include "log.h"

#include <string.h>

static void note_token(struct request *request, const sandgate_header *token)
{
    if (token->count > 1)
        request->token = "repeated";
    else if (token->value_len > 0 &&
             sandgate_fingerprint(token->value, token->value_len, request->fingerprint) == SANDGATE_OK)
        request->token = request->fingerprint;
}

static void init(struct request *request, const struct site *site, const struct head *head)
{
    memset(request, 0, sizeof *request);
    request->site = site;
    request->token = "-";
    /* A method that is longer than the buffer is unknown, and so is its truncated form. */
    strncpy(request->method, *head->method == '\0' ? "-" : head->method, sizeof request->method - 1);
    route_from_target(&request->route, head->target);
    note_token(request, &head->access_token);
}

static struct reply answer_download(struct request *request, const struct verdict *verdict)
{
    const char *problem = file_path_resolve(&request->file, verdict->path, verdict->path_len, verdict->user,
                                            verdict->user_len);
    if (problem != NULL)
        return reply_error(HTTP_BAD_REQUEST, "%s", problem);
    uint64_t size;
    int fd = files_open_for_reading(request->site->root, &request->file, &size);
    if (fd < 0)
        return reply_errno(-fd, request->file.text);
    return reply_file(fd, size, file_path_name(&request->file));
}

static struct reply answer_other(const struct head *head, const struct verdict *verdict)
{
    bool get = strcmp(head->method, "GET") == 0;
    /* The rule found no file: the query cannot be parsed. With tokens this is refused earlier. */
    if (verdict->open && rule_path_is(head->target, "/files") &&
        (get || strcmp(head->method, "POST") == 0 || strcmp(head->method, "HEAD") == 0 || head->body.is_put))
        return reply_error(HTTP_BAD_REQUEST, "malformed request");
    if (get && rule_path_is(head->target, "/health"))
        return reply_empty(HTTP_NO_CONTENT);
    return reply_error(HTTP_NOT_FOUND, "not found");
}

static void stop_receiving(struct request *request)
{
    if (request->receiving)
        body_close(&request->body);
    request->receiving = false;
    init_body_free(request->init);
    request->init = NULL;
}

void request_begin_broken(struct request *request, const struct site *site, const struct head *head,
                          struct reply reply)
{
    init(request, site, head);
    request->reply = reply;
}

static void begin_on_init_socket(struct request *request, const struct head *head)
{
    if (strcmp(head->method, "POST") != 0 || !rule_path_is(head->target, "/init"))
        request->reply = reply_error(HTTP_NOT_FOUND, "not found");
    else if (head->content_length > INIT_BODY_MAX)
        request->reply = reply_error(HTTP_CONTENT_TOO_LARGE, "body is larger than %d bytes", INIT_BODY_MAX);
    else if ((request->init = init_body_new()) == NULL)
        request->reply = reply_empty(HTTP_INTERNAL_SERVER_ERROR);
}

void request_begin(struct request *request, const struct site *site, const struct head *head)
{
    init(request, site, head);
    if (site->is_init_socket) {
        begin_on_init_socket(request, head);
        return;
    }
    /* Only the init socket has this route. Here it does not even say whether the controller waits. */
    if (rule_path_is(head->target, "/init")) {
        request->reply = reply_error(HTTP_NOT_FOUND, "not found");
        return;
    }
    struct verdict verdict;
    sandgate_result result =
        rule_check(site->rule, head->method, head->target, head->lines, head->line_count, &verdict);
    if (result != SANDGATE_OK)
        request->reply = reply_refusal(result);
    else if (verdict.preflight)
        request->reply = reply_preflight();
    else if (verdict.operation == OPERATION_NONE)
        request->reply = answer_other(head, &verdict);
    else if (verdict.too_long)
        request->reply = reply_error(HTTP_BAD_REQUEST, "path or username is too long");
    else if (verdict.operation == OPERATION_READ)
        request->reply = answer_download(request, &verdict);
    else if (head->body_headers_repeated)
        request->reply = reply_error(HTTP_BAD_REQUEST, "repeated content type or content encoding");
    else {
        request->receiving = true;
        if (!body_begin(&request->body, site->root, site->max_upload, &verdict, &head->body, &request->reply))
            stop_receiving(request);
        request->file = request->body.path;
    }
}

void request_receive(struct request *request, const char *bytes, size_t len)
{
    request->received += len;
    if (request->init != NULL) {
        if (!init_body_add(request->init, bytes, len))
            request_fail(request, reply_error(HTTP_CONTENT_TOO_LARGE, "body is larger than %d bytes", INIT_BODY_MAX));
    } else if (request->receiving && !body_receive(&request->body, bytes, len, &request->reply))
        stop_receiving(request);
    else if (!request->receiving && request->received > request->site->max_upload)
        request_fail(request, reply_too_large(request->site->max_upload));
}

void request_finish(struct request *request)
{
    if (request->init != NULL)
        request->reply = init_apply(request->site->rule, request->site->expected_hash, request->init);
    else if (request->receiving)
        request->reply = body_finish(&request->body);
    /* A refused upload is removed before the client gets the answer. */
    stop_receiving(request);
}

void request_fail(struct request *request, struct reply failure)
{
    stop_receiving(request);
    reply_free(&request->reply);
    request->reply = failure;
}

void request_end(struct request *request)
{
    stop_receiving(request);
    log_request(&(struct log_entry){
        .method = request->method,
        .route = &request->route,
        .file = request->file.text,
        .status = request->answered ? request->reply.status : 0,
        .received = request->received,
        .sent = request->sent,
        .token = request->token,
        .cut = request->cut,
    });
    reply_free(&request->reply);
}
