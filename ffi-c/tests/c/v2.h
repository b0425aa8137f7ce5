/* Shared by the v2 tests: a keyring and everything derived from it. */
#ifndef V2_H
#define V2_H

#include "check.h"

struct v2 {
    sandgate_v2_keyring keyring;
    sandgate_v2_traffic_keyring traffic;
    sandgate_v2_file_url_key key;
    sandgate_v2_traffic_key traffic_key;
    char access_token[SANDGATE_V2_TOKEN_LEN + 1];
    char traffic_token[SANDGATE_V2_TOKEN_LEN + 1];
    char root[SANDGATE_V2_TOKEN_LEN + 1];
};

static inline void v2_init(struct v2 *all, char kid, const char *seed, uint32_t generation)
{
    enum { LEN = SANDGATE_V2_TOKEN_LEN };
    size_t len = 0;
    memset(all, 0, sizeof *all);
    assert_int_equal(sandgate_v2_keyring_init(kid, BYTES(seed), &all->keyring), SANDGATE_OK);
    assert_int_equal(sandgate_v2_keyring_traffic(&all->keyring, &all->traffic), SANDGATE_OK);
    assert_int_equal(
        sandgate_v2_keyring_access_token(&all->keyring, CHARS(ID), generation, all->access_token, LEN, &len), SANDGATE_OK);
    assert_int_equal(len, LEN);
    assert_int_equal(
        sandgate_v2_keyring_traffic_token(&all->keyring, CHARS(ID), generation, all->traffic_token, LEN, &len),
        SANDGATE_OK);
    assert_int_equal(len, LEN);
    assert_int_equal(sandgate_v2_traffic_root(kid, BYTES(seed), all->root, LEN, &len), SANDGATE_OK);
    assert_int_equal(len, LEN);
    assert_int_equal(sandgate_v2_file_url_key_init(BYTES(all->access_token), &all->key), SANDGATE_OK);
    assert_int_equal(sandgate_v2_traffic_key_init(BYTES(all->traffic_token), &all->traffic_key), SANDGATE_OK);
}

/* A download URL that expires in a minute. */
static inline sandgate_v2_file_url v2_url(const char *path)
{
    return (sandgate_v2_file_url){
        .struct_size = sizeof(sandgate_v2_file_url),
        .operation = SANDGATE_OPERATION_READ,
        .path = path,
        .path_len = strlen(path),
        .expires = NOW + 60,
    };
}

/* The policy of a name. */
static inline sandgate_policy policy_of(uint32_t name)
{
    sandgate_policy policy = {.struct_size = sizeof policy};
    assert_int_equal(sandgate_policy_init(name, &policy), SANDGATE_OK);
    return policy;
}

#endif
