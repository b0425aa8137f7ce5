/* Finds the data and the end of a request's body: a length, or strictly parsed chunks (RFC 9112, 7.1). Lines
 * end with CRLF, a size is only hexadecimal digits, and trailers are checked and dropped. */
#ifndef FRAMING_H
#define FRAMING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum framing_event {
    FRAMING_MORE,  /* the input is used up */
    FRAMING_DATA,  /* a piece of the body */
    FRAMING_END,   /* the body is complete; the next request follows */
    FRAMING_MALFORMED,
};

struct framing {
    bool chunked;
    int state;
    uint64_t left;     /* data up to the end of the body, or of the chunk */
    unsigned digits;   /* of the chunk's size */
    size_t overhead;   /* bytes of extensions and trailers so far, of the whole body */
    bool in_name;      /* of a trailer */
    size_t line;       /* bytes of the trailer line so far */
};

void framing_init(struct framing *framing, bool chunked, uint64_t length);

/* Consumes `input` up to the next event; `data` points into it. After the end it returns the end again. */
enum framing_event framing_next(struct framing *framing, const char **input, size_t *len, const char **data,
                                size_t *data_len);

#endif
