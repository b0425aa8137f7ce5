/* The C library compared with OpenSSL, mbedTLS and libsodium in one process: `cargo xtask assure`, then `cargo xtask bench`. */
#include "measure.h"
#include "peers.h"
#include <sandgate.h>
#include <stdio.h>
#include <string.h>

#define BASE "https://49983-i94gcaqbpvohfr764s5l.e2b.app"

static const int64_t end = END, at = END - 60;
static sandgate_v1_file_url_key key;
static sandgate_v1_keyring keyring;
static sandgate_controller controller;
static char written[512];
/* What follows the base. */
static const char *const target = written + sizeof BASE - 1;

static sandgate_v1_file_url url(void)
{
    sandgate_v1_file_url url = {.struct_size = sizeof url, .operation = SANDGATE_OPERATION_READ, .expires = &end};
    url.path = PATH;
    url.path_len = strlen(PATH);
    url.user = USER;
    url.user_len = strlen(USER);
    return url;
}

static bool sign(void)
{
    size_t length = 0;
    char out[64];
    sandgate_v1_file_url signed_url = url();
    return sandgate_v1_file_url_sign(&key, &signed_url, out, sizeof out, &length) == SANDGATE_OK && length == 46;
}

static bool verify(void)
{
    sandgate_v1_file_url signed_url = url();
    return sandgate_v1_file_url_verify(&key, &signed_url, right_signature, strlen(right_signature), at) == SANDGATE_OK;
}

static bool check(void)
{
    sandgate_request request = {.struct_size = sizeof request, .method = "GET", .method_len = 3};
    request.target = target;
    request.target_len = strlen(target);
    sandgate_allowed allowed = {.struct_size = sizeof allowed};
    return sandgate_controller_check(&controller, &request, at, &allowed) == SANDGATE_OK;
}

static bool derive(void)
{
    char out[80];
    size_t length = 0;
    return sandgate_v1_keyring_access_token(&keyring, ID, strlen(ID), out, sizeof out, &length) == SANDGATE_OK && length == 64;
}

static bool verify_token(void)
{
    return sandgate_v1_keyring_verify_access_token(&keyring, ID, strlen(ID), right_token, strlen(right_token)) == SANDGATE_OK;
}

int main(int count, char **words)
{
    size_t length = 0;
    sandgate_v1_file_url signed_url = url();
    bool ready = sandgate_v1_file_url_key_init(TOKEN, strlen(TOKEN), &key) == SANDGATE_OK &&
                 sandgate_v1_keyring_init(SEED, strlen(SEED), &keyring) == SANDGATE_OK &&
                 sandgate_controller_init(TOKEN, strlen(TOKEN), NULL, &controller) == SANDGATE_OK &&
                 sandgate_v1_file_url_sign(&key, &signed_url, right_signature, sizeof right_signature - 1, &length) == SANDGATE_OK &&
                 sandgate_v1_keyring_access_token(&keyring, ID, strlen(ID), right_token, sizeof right_token - 1, &length) == SANDGATE_OK &&
                 sandgate_v1_file_url_write(&key, BASE, strlen(BASE), &signed_url, written, sizeof written - 1, &length) == SANDGATE_OK &&
                 peers_init();
    if (!ready) {
        fputs("a key could not be made\n", stderr);
        return 1;
    }
    const struct candidate candidates[] = {
        {"controller check, a signed target", "sandgate", true, check},
        {"v1 sign", "sandgate", true, sign},
        {"v1 sign", "OpenSSL, one call", false, openssl_sign},
        {"v1 sign", "OpenSSL, context kept", false, openssl_kept_sign},
        {"v1 sign", "mbedTLS", false, mbedtls_sign},
        {"v1 sign", "libsodium", false, sodium_sign},
        {"v1 verify", "sandgate", true, verify},
        {"v1 verify", "OpenSSL, one call", false, openssl_verify},
        {"v1 verify", "OpenSSL, context kept", false, openssl_kept_verify},
        {"v1 verify", "mbedTLS", false, mbedtls_verify},
        {"v1 verify", "libsodium", false, sodium_verify},
        {"v1 derive a token", "sandgate", true, derive},
        {"v1 derive a token", "OpenSSL, one call", false, openssl_derive},
        {"v1 derive a token", "OpenSSL, context kept", false, openssl_kept_derive},
        {"v1 derive a token", "mbedTLS", false, mbedtls_derive},
        {"v1 derive a token", "libsodium", false, sodium_derive},
        {"v1 verify a token", "sandgate", true, verify_token},
        {"v1 verify a token", "OpenSSL, context kept", false, openssl_kept_verify_token},
        {"v1 verify a token", "libsodium", false, sodium_verify_token},
    };
    bool once = count > 1 && strcmp(words[1], "--once") == 0;
    return measure(candidates, sizeof candidates / sizeof *candidates, once, peers_versions());
}
