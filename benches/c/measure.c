#define _POSIX_C_SOURCE 200809L
#include "measure.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROUNDS = 500, TURN = 50000, MOST = 64 };

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

/* Nanoseconds of a call, or a negative number if an answer is wrong. */
static double turn(const struct candidate *candidate, long calls)
{
    double start = now();
    for (long at = 0; at < calls; at++)
        if (!candidate->call())
            return -1;
    return (now() - start) / (double)calls;
}

static int ascending(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

int measure(const struct candidate *candidates, size_t count, bool once, const char *versions)
{
    static double turns[MOST][ROUNDS];
    long calls[MOST];
    int rounds = once ? 1 : ROUNDS;
    if (count > MOST)
        return 1;
    for (size_t at = 0; at < count; at++) {
        calls[at] = 1;
        double took;
        while ((took = turn(&candidates[at], calls[at])) >= 0 && !once && took * (double)calls[at] < TURN)
            calls[at] *= 2;
        if (took < 0) {
            fprintf(stderr, "%s, %s: a wrong answer\n", candidates[at].row, candidates[at].name);
            return 1;
        }
    }
    for (int round = 0; round < rounds; round++) {
        if (!once && round % 100 == 0)
            fprintf(stderr, "C: round %d of %d\n", round, rounds);
        for (size_t at = 0; at < count; at++)
            turns[at][round] = turn(&candidates[at], calls[at]);
    }
    printf("{\"language\":\"C\",\"rounds\":%d,\"versions\":{%s},\"rows\":[", rounds, versions);
    for (size_t at = 0; at < count; at++) {
        qsort(turns[at], (size_t)rounds, sizeof(double), ascending);
        const struct candidate *one = &candidates[at];
        printf("%s{\"row\":\"%s\",\"name\":\"%s\",\"ours\":%s,\"least\":%.2f,\"median\":%.2f}", at ? "," : "", one->row, one->name,
               one->ours ? "true" : "false", turns[at][0], turns[at][rounds / 2]);
    }
    puts("]}");
    return 0;
}
