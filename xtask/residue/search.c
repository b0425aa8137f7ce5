/* Searches the memory of another process for runs of 8 bytes of secrets.
 *
 *     search PID < SECRETS
 *
 * Each secret is a line of hexadecimal digits. Prints the number of each line, from 0, of which 8 bytes in a row are in memory that
 * the process can write to: heap, stack and data, at any alignment. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { RUN = 8, SECRETS = 1024, LONGEST = 256, SLOTS = 1 << 18, PIECE = 1 << 22 };

static struct slot {
    uint64_t run;
    unsigned secret;
    bool used;
} slots[SLOTS];
/* Almost every run of memory is of no secret, and ends here: one bit per hash. */
static uint8_t filter[SLOTS];
static bool found[SECRETS];

static uint64_t hash(uint64_t run)
{
    return run * UINT64_C(0x9e3779b97f4a7c15) >> 43;
}

static void fail(const char *what)
{
    perror(what);
    exit(2);
}

/* A run whose bytes are all the same is no trace of a secret. */
static bool is_plain(const uint8_t *at)
{
    return memcmp(at, at + 1, RUN - 1) == 0;
}

static void add(const uint8_t *at, unsigned secret)
{
    uint64_t run, place;
    memcpy(&run, at, RUN);
    if (is_plain(at))
        return;
    filter[hash(run) >> 3] |= (uint8_t)(1 << (hash(run) & 7));
    for (place = hash(run) % SLOTS; slots[place].used; place = (place + 1) % SLOTS)
        continue;
    slots[place] = (struct slot){run, secret, true};
}

static unsigned read_secrets(void)
{
    static char line[2 * LONGEST + 2];
    static uint8_t bytes[LONGEST];
    unsigned count = 0;
    for (; fgets(line, sizeof line, stdin) != NULL; count++) {
        size_t len = strcspn(line, "\n") / 2;
        if (count == SECRETS || len < RUN)
            fail("a secret");
        for (size_t at = 0; at < len; at++)
            if (sscanf(line + 2 * at, "%2" SCNx8, &bytes[at]) != 1)
                fail("a digit");
        for (size_t at = 0; at + RUN <= len; at++)
            add(bytes + at, count);
    }
    return count;
}

static void look(const uint8_t *bytes, size_t len)
{
    for (size_t at = 0; at + RUN <= len; at++) {
        uint64_t run;
        memcpy(&run, bytes + at, RUN);
        if (!(filter[hash(run) >> 3] >> (hash(run) & 7) & 1))
            continue;
        for (uint64_t place = hash(run) % SLOTS; slots[place].used; place = (place + 1) % SLOTS)
            if (slots[place].run == run)
                found[slots[place].secret] = true;
    }
}

/* Pieces overlap, so that a run at their border is seen. */
static void look_into(int memory, uint64_t start, uint64_t end)
{
    static uint8_t piece[PIECE];
    while (start + RUN <= end) {
        ssize_t len = pread(memory, piece, end - start < PIECE ? end - start : PIECE, (off_t)start);
        if (len < RUN)
            return;
        look(piece, (size_t)len);
        start += (uint64_t)len - (RUN - 1);
    }
}

int main(int argc, char **argv)
{
    char path[64], line[4096];
    if (argc != 2)
        fail("usage: search PID");
    unsigned count = read_secrets();
    snprintf(path, sizeof path, "/proc/%s/maps", argv[1]);
    FILE *maps = fopen(path, "r");
    snprintf(path, sizeof path, "/proc/%s/mem", argv[1]);
    int memory = open(path, O_RDONLY);
    if (maps == NULL || memory < 0)
        fail(path);
    while (fgets(line, sizeof line, maps) != NULL) {
        uint64_t start, end;
        char mode[5];
        if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %4s", &start, &end, mode) == 3 && mode[0] == 'r' && mode[1] == 'w')
            if (strstr(line, "[v") == NULL)
                look_into(memory, start, end);
    }
    for (unsigned at = 0; at < count; at++)
        if (found[at])
            printf("%u\n", at);
    return 0;
}
