#include "framing.h"

#include <string.h>

enum {
    SIZE_DIGITS_MAX = 15,  /* so that no size can overflow */
    OVERHEAD_MAX = 16 * 1024,
};

enum state {
    SIZE,
    EXTENSION,
    SIZE_LF,
    DATA,
    DATA_CR,
    DATA_LF,
    TRAILER,
    TRAILER_LF,
    ENDED,
    BROKEN,
};

void framing_init(struct framing *framing, bool chunked, uint64_t length)
{
    *framing = (struct framing){.chunked = chunked, .state = chunked ? SIZE : DATA, .left = length};
    if (!chunked && length == 0)
        framing->state = ENDED;
}

static int hex_digit(char byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    if (byte >= 'a' && byte <= 'f')
        return byte - 'a' + 10;
    if (byte >= 'A' && byte <= 'F')
        return byte - 'A' + 10;
    return -1;
}

static bool is_control(char byte)
{
    return ((unsigned char)byte < 0x20 && byte != '\t') || byte == 0x7f;
}

static bool is_token_char(char byte)
{
    return byte != '\0' && strchr("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ", byte) != NULL;
}

static enum state size_byte(struct framing *framing, char byte)
{
    int digit = hex_digit(byte);
    if (digit >= 0) {
        framing->left = framing->left * 16 + (uint64_t)digit;
        return ++framing->digits > SIZE_DIGITS_MAX ? BROKEN : SIZE;
    }
    if (framing->digits == 0)
        return BROKEN;
    return byte == ';' ? EXTENSION : byte == '\r' ? SIZE_LF : BROKEN;
}

/* A trailer line is a name, a colon and a value. The empty line ends the body. */
static enum state trailer_byte(struct framing *framing, char byte)
{
    if (byte == '\r')
        return framing->line > 0 && framing->in_name ? BROKEN : TRAILER_LF;
    if (framing->line == 0)
        framing->in_name = true;
    if (framing->in_name) {
        if (byte == ':' && framing->line > 0)
            framing->in_name = false;
        else if (!is_token_char(byte))
            return BROKEN;
    }
    framing->line++;
    return is_control(byte) ? BROKEN : TRAILER;
}

/* One byte that is not data. */
static enum state next_state(struct framing *framing, char byte)
{
    switch ((enum state)framing->state) {
    case SIZE:
        return size_byte(framing, byte);
    case EXTENSION:
        if (byte == '\r')
            return SIZE_LF;
        return is_control(byte) || ++framing->overhead > OVERHEAD_MAX ? BROKEN : EXTENSION;
    case SIZE_LF:
        framing->line = 0;
        if (byte != '\n')
            return BROKEN;
        return framing->left > 0 ? DATA : TRAILER;
    case DATA_CR:
        return byte == '\r' ? DATA_LF : BROKEN;
    case DATA_LF:
        framing->left = framing->digits = 0;
        return byte == '\n' ? SIZE : BROKEN;
    case TRAILER:
        return ++framing->overhead > OVERHEAD_MAX ? BROKEN : trailer_byte(framing, byte);
    case TRAILER_LF: {
        bool empty = framing->line == 0;
        framing->line = 0;
        return byte != '\n' ? BROKEN : empty ? ENDED : TRAILER;
    }
    case DATA:
    case ENDED:
    case BROKEN:
        break;
    }
    return BROKEN;
}

enum framing_event framing_next(struct framing *framing, const char **input, size_t *len, const char **data,
                                size_t *data_len)
{
    while (framing->state != ENDED && framing->state != BROKEN && *len > 0) {
        if (framing->state != DATA) {
            framing->state = next_state(framing, **input);
            *input += 1;
            *len -= 1;
            continue;
        }
        *data = *input;
        *data_len = *len < framing->left ? *len : (size_t)framing->left;
        *input += *data_len;
        *len -= *data_len;
        framing->left -= *data_len;
        if (framing->left == 0)
            framing->state = framing->chunked ? DATA_CR : ENDED;
        return FRAMING_DATA;
    }
    return framing->state == ENDED ? FRAMING_END : framing->state == BROKEN ? FRAMING_MALFORMED : FRAMING_MORE;
}
