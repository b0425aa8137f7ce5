/* Shared by the tests: cmocka, the interface, some values, and outputs that show whether they were written
 * to. */
#ifndef CHECK_H
#define CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <sandgate.h>
#include <valgrind/memcheck.h>

/* A text as a pointer and its length. */
#define CHARS(text) (text), strlen(text)
#define BYTES(text) (text), strlen(text)

#define SEED "a seed of at least 16 bytes"
#define ID "i94gcaqbpvohfr764s5l"
#define SEED_V2 "a seed of at least 32 bytes, kept secret"
#define TOKEN "0tQG31xiMp0IOQfaz9dcwi72L1CPo8e0"
#define NOW 1800000000

/* A value that an output has only if nothing was written to it. */
enum { UNWRITTEN = 0xA5 };
#define SET_UNWRITTEN(object) memset(&(object), UNWRITTEN, sizeof(object))
#define ASSERT_UNWRITTEN(object) assert_true(is_unwritten(&(object), sizeof(object)))

static inline bool is_unwritten(const void *object, size_t size)
{
    const uint8_t *bytes = object;
    for (size_t at = 0; at < size; at++)
        if (bytes[at] != UNWRITTEN)
            return false;
    return true;
}

/* The storage is unchanged. Padding in the held value may be uninitialised; it may be compared. */
static inline void assert_same_storage(const void *before, const void *now, size_t size)
{
    VALGRIND_MAKE_MEM_DEFINED(before, size);
    VALGRIND_MAKE_MEM_DEFINED(now, size);
    assert_memory_equal(before, now, size);
}

static inline sandgate_header header(const char *value)
{
    if (value == NULL)
        return (sandgate_header){.count = 0};
    return (sandgate_header){.value = value, .value_len = strlen(value), .count = 1};
}

static inline sandgate_request request(const char *method, const char *target)
{
    return (sandgate_request){
        .struct_size = sizeof(sandgate_request),
        .method = method,
        .method_len = strlen(method),
        .target = target,
        .target_len = strlen(target),
    };
}

static inline sandgate_head head(const char *method, const char *target, const sandgate_header_line *lines, size_t count)
{
    return (sandgate_head){
        .struct_size = sizeof(sandgate_head),
        .method = method,
        .method_len = strlen(method),
        .target = target,
        .target_len = strlen(target),
        .lines = lines,
        .line_count = count,
    };
}

static inline sandgate_v1_file_url file_url(const char *path, const char *user)
{
    return (sandgate_v1_file_url){
        .struct_size = sizeof(sandgate_v1_file_url),
        .operation = SANDGATE_OPERATION_READ,
        .path = path,
        .path_len = strlen(path),
        .user = user,
        .user_len = strlen(user),
    };
}

/* An edge that derives v1 traffic tokens. */
static inline sandgate_result init_deriving(sandgate_edge *edge, const sandgate_v1_keyring *keyring)
{
    sandgate_result result = sandgate_edge_init(NULL, edge);
    return result == SANDGATE_OK ? sandgate_edge_set_v1_keyring(edge, keyring) : result;
}

static inline sandgate_route route(const char *id, uint32_t port)
{
    sandgate_route route = {.struct_size = sizeof route, .sandbox_id_len = strlen(id), .port = port};
    memcpy(route.sandbox_id, id, strlen(id));
    return route;
}

#endif
