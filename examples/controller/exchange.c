#include "exchange.h"

#include "framing.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    DRAIN_BEYOND_LIMIT = 64 * 1024 * 1024,
    DRAIN_SECONDS = 30,
};

/* The effect of one request's framing on the connection. */
struct turn {
    struct connection *connection;
    struct request *request;
    struct framing framing;
    bool head_only;   /* HEAD: the answer has no body */
    bool keep_alive;  /* another request may follow */
};

/* Takes the next piece of the body from the buffer or, if needed, from the network. */
static enum framing_event next_piece(struct turn *turn, const char **data, size_t *len,
                                     enum connection_result *result)
{
    struct connection *connection = turn->connection;
    for (;;) {
        const char *input = connection->buffer + connection->start;
        size_t input_len = connection->end - connection->start;
        enum framing_event event = framing_next(&turn->framing, &input, &input_len, data, len);
        connection->start = connection->end - input_len;
        if (event != FRAMING_MORE)
            return event;
        *result = connection_fill(connection);
        if (*result != CONNECTION_OK)
            return FRAMING_MORE;
    }
}

/* Writes the status line and the headers. Access is by token or signature, never by cookie, so any origin may
 * send requests, as with envd. */
static char *format_head(const struct reply *reply, bool keep_alive)
{
    char date[64], length[64] = "", *text;
    time_t now = time(NULL);
    struct tm parts;
    if (gmtime_r(&now, &parts) == NULL ||
        strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", &parts) == 0)
        date[0] = '\0';
    if (reply->status != HTTP_NO_CONTENT)
        snprintf(length, sizeof length, "Content-Length: %" PRIu64 "\r\n", reply->length);
    int len = asprintf(&text, "HTTP/1.1 %u %s\r\nDate: %s\r\nConnection: %s\r\nAccess-Control-Allow-Origin: *\r\n%s%s\r\n",
                       reply->status, reply_reason(reply->status), date, keep_alive ? "keep-alive" : "close", length,
                       reply->lines == NULL ? "" : reply->lines);
    return len < 0 ? NULL : text;
}

static enum connection_result send_parts(struct turn *turn, const char *head)
{
    const struct reply *reply = &turn->request->reply;
    bool has_body = !turn->head_only && reply->length > 0;
    enum connection_result result = connection_send(turn->connection, head, strlen(head), has_body);
    if (result != CONNECTION_OK || !has_body)
        return result;
    result = reply->is_file ? connection_send_file(turn->connection, reply->fd, reply->length)
                            : connection_send(turn->connection, reply->body, (size_t)reply->length, false);
    if (result == CONNECTION_OK)
        turn->request->sent = reply->length;
    return result;
}

static bool send_reply(struct turn *turn)
{
    char *head = format_head(&turn->request->reply, turn->keep_alive);
    if (head == NULL)
        return false;
    connection_begin(turn->connection, turn->connection->timeouts->answer);
    turn->request->answered = true;
    enum connection_result result = send_parts(turn, head);
    free(head);
    return result == CONNECTION_OK;
}

/* Drops the rest of a refused body. Returns whether it ended within the limits. */
static bool drain(struct turn *turn)
{
    uint64_t max = turn->request->site->max_upload + DRAIN_BEYOND_LIMIT, dropped = 0;
    const char *data;
    size_t len;
    enum connection_result result;
    connection_begin(turn->connection, DRAIN_SECONDS);
    while (dropped <= max)
        switch (next_piece(turn, &data, &len, &result)) {
        case FRAMING_DATA:
            dropped += len;
            turn->request->received += len;
            break;
        case FRAMING_END:
            return true;
        case FRAMING_MORE:
        case FRAMING_MALFORMED:
            return false;
        }
    return false;
}

/* Sends the answer immediately, even before the body has arrived. A client that reads meanwhile stops
 * sending; another one finds the answer after it has sent the rest, which is dropped. */
static bool answer(struct turn *turn)
{
    if (!send_reply(turn)) {
        turn->request->cut = true;
        return false;
    }
    if (turn->keep_alive && drain(turn))
        return true;
    connection_linger(turn->connection);
    return false;
}

/* Reads the body until it is complete or refused. Returns false if the client has disconnected. */
static bool receive(struct turn *turn)
{
    struct request *request = turn->request;
    const char *data;
    size_t len;
    enum connection_result result = CONNECTION_OK;
    for (;;)
        switch (next_piece(turn, &data, &len, &result)) {
        case FRAMING_DATA: {
            unsigned before = request->reply.status;
            request_receive(request, data, len);
            if (request->reply.status != before)
                return true;
            break;
        }
        case FRAMING_END:
            request_finish(request);
            return true;
        case FRAMING_MALFORMED:
            turn->keep_alive = false;
            request_fail(request, reply_error(HTTP_BAD_REQUEST, "malformed chunks"));
            return true;
        case FRAMING_MORE:
            if (result != CONNECTION_LATE)
                return false;
            turn->keep_alive = false;
            request_fail(request, reply_error(HTTP_REQUEST_TIMEOUT, "the body took too long"));
            return true;
        }
}

static bool say_continue(struct turn *turn)
{
    static const char text[] = "HTTP/1.1 100 Continue\r\n\r\n";
    return turn->connection->start < turn->connection->end ||  /* it did not wait */
           connection_send(turn->connection, text, sizeof text - 1, false) == CONNECTION_OK;
}

/* The head has been decided. */
static bool take_turn(struct turn *turn, bool expects_continue, uint64_t length)
{
    const struct connection *connection = turn->connection;
    bool refused = turn->request->reply.status >= HTTP_BAD_REQUEST;
    bool has_body = turn->framing.chunked || length > 0;
    if (!has_body)
        request_finish(turn->request);
    else if (refused) {
        /* After a refusal instead of "100 Continue" the client may or may not send the body. */
        if (expects_continue || length > turn->request->site->max_upload + DRAIN_BEYOND_LIMIT)
            turn->keep_alive = false;
    } else {
        connection_begin(turn->connection, connection->timeouts->body);
        if ((expects_continue && !say_continue(turn)) || !receive(turn)) {
            turn->request->cut = true;
            return false;
        }
    }
    return answer(turn);
}

/* Skips empty lines before a request (RFC 9112, 2.2). Returns the number of bytes after them; a single CR may
 * still become an empty line. */
static size_t skip_empty_lines(struct connection *connection)
{
    for (;;) {
        const char *bytes = connection->buffer + connection->start;
        size_t available = connection->end - connection->start;
        if (available == 0 || bytes[0] != '\r')
            return available;
        if (available == 1)
            return 0;
        if (bytes[1] != '\n')
            return available;
        connection->start += 2;
    }
}

/* Waits for a complete head. Returns NULL if the connection ended between two requests; then there is nothing
 * to answer. Otherwise `*refusal` says what is wrong, or is all zero. */
static char *wait_for_head(struct connection *connection, size_t *len, struct reply *refusal)
{
    size_t scanned = 0;
    bool begun = false;
    *len = 0;
    for (;;) {
        size_t available = skip_empty_lines(connection);
        char *bytes = connection->buffer + connection->start;
        if (available > 0 && !begun) {
            connection_begin(connection, connection->timeouts->head);
            begun = true;
        }
        if (!head_find(bytes, available, &scanned, len)) {
            *refusal = reply_error(HTTP_BAD_REQUEST, "ambiguous request");
            return bytes;
        }
        if (*len > 0)
            return bytes;
        switch (connection_fill(connection)) {
        case CONNECTION_OK:
            break;
        case CONNECTION_CLOSED:
            return NULL;
        case CONNECTION_LATE:
            if (!begun)
                return NULL;
            *refusal = reply_error(HTTP_REQUEST_TIMEOUT, "the request took too long");
            return connection->buffer;
        case CONNECTION_FULL:
            *refusal = reply_error(HTTP_HEADERS_TOO_LARGE, "the request's head is too long");
            return connection->buffer;
        }
    }
}

static bool exchange(struct connection *connection, const struct site *site)
{
    struct request request;
    struct turn turn = {.connection = connection, .request = &request};
    struct head head = {.method = "", .target = ""};
    struct reply refusal = {0};
    size_t len;
    char *bytes = wait_for_head(connection, &len, &refusal);
    if (bytes == NULL)
        return false;
    if (refusal.status == 0) {
        connection->start += len;
        enum head_result result = head_read(&head, bytes, len);
        if (result == HEAD_AMBIGUOUS)
            refusal = reply_error(HTTP_BAD_REQUEST, "ambiguous request");
        else if (result == HEAD_NO_MEMORY)
            refusal = reply_empty(HTTP_INTERNAL_SERVER_ERROR);
    }

    bool goes_on;
    if (refusal.status != 0) {
        request_begin_broken(&request, site, &head, refusal);
        goes_on = answer(&turn);
    } else {
        request_begin(&request, site, &head);
        framing_init(&turn.framing, head.chunked, head.content_length);
        turn.head_only = strcmp(head.method, "HEAD") == 0;
        turn.keep_alive = head.keep_alive;
        goes_on = take_turn(&turn, head.expects_continue, head.content_length);
    }
    head_free(&head);
    request_end(&request);
    connection_forget(connection);
    return goes_on;
}

void exchange_all(struct connection *connection, const struct site *site)
{
    while (exchange(connection, site))
        connection_begin(connection, connection->timeouts->idle);
}
