#include "peers.h"
#include <mbedtls/constant_time.h>
#include <mbedtls/md.h>
#include <mbedtls/sha256.h>
#include <mbedtls/version.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/params.h>
#include <openssl/sha.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

char right_signature[64], right_token[80];
static EVP_MD_CTX *digest;
static EVP_MD *sha256;
static EVP_MAC_CTX *mac;

bool peers_init(void)
{
    OSSL_PARAM parameters[] = {OSSL_PARAM_utf8_string("digest", "SHA256", 0), OSSL_PARAM_END};
    EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    digest = EVP_MD_CTX_new();
    sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    mac = hmac ? EVP_MAC_CTX_new(hmac) : NULL;
    return digest && sha256 && mac && EVP_MAC_init(mac, (const unsigned char *)SEED, strlen(SEED), parameters) && sodium_init() >= 0;
}

const char *peers_versions(void)
{
    static char text[256];
    const char *format = "\"OpenSSL\":\"%s\",\"mbedTLS\":\"%s\",\"libsodium\":\"%s\",\"gcc\":\"%s\"";
    snprintf(text, sizeof text, format, OpenSSL_version(OPENSSL_VERSION_STRING), MBEDTLS_VERSION_STRING, sodium_version_string(), __VERSION__);
    return text;
}

/* The message that is signed. Returns its length. */
static size_t message(char *out, size_t size)
{
    return (size_t)snprintf(out, size, "%s:read:%s:%s:%d", PATH, USER, TOKEN, END);
}

typedef void hash(const char *text, size_t length, unsigned char out[32]);

static void openssl_hash(const char *text, size_t length, unsigned char out[32])
{
    SHA256((const unsigned char *)text, length, out);
}

static void openssl_kept_hash(const char *text, size_t length, unsigned char out[32])
{
    EVP_DigestInit_ex(digest, sha256, NULL);
    EVP_DigestUpdate(digest, text, length);
    EVP_DigestFinal_ex(digest, out, NULL);
}

static void mbedtls_hash(const char *text, size_t length, unsigned char out[32])
{
    mbedtls_sha256_ret((const unsigned char *)text, length, out, 0);
}

static void sodium_hash(const char *text, size_t length, unsigned char out[32])
{
    crypto_hash_sha256(out, (const unsigned char *)text, length);
}

/* Writes the 46 characters of a signature. */
static void signature(hash *hash, char out[64])
{
    char text[256];
    unsigned char tag[32];
    hash(text, message(text, sizeof text), tag);
    memcpy(out, "v1_", 3);
    EVP_EncodeBlock((unsigned char *)out + 3, tag, sizeof tag);
}

static bool sign_by(hash *hash)
{
    char out[64];
    signature(hash, out);
    return out[45] == right_signature[45];
}

static bool openssl_same(const char *left, const char *right, size_t length)
{
    return CRYPTO_memcmp(left, right, length) == 0;
}

bool openssl_sign(void) { return sign_by(openssl_hash); }
bool openssl_kept_sign(void) { return sign_by(openssl_kept_hash); }
bool mbedtls_sign(void) { return sign_by(mbedtls_hash); }
bool sodium_sign(void) { return sign_by(sodium_hash); }

bool openssl_verify(void)
{
    char out[64];
    signature(openssl_hash, out);
    return openssl_same(out, right_signature, 46);
}

bool openssl_kept_verify(void)
{
    char out[64];
    signature(openssl_kept_hash, out);
    return openssl_same(out, right_signature, 46);
}

bool mbedtls_verify(void)
{
    char out[64];
    signature(mbedtls_hash, out);
    return mbedtls_ct_memcmp(out, right_signature, 46) == 0;
}

bool sodium_verify(void)
{
    char out[64];
    signature(sodium_hash, out);
    return sodium_memcmp(out, right_signature, 46) == 0;
}

static bool openssl_token(char out[65])
{
    unsigned char tag[32];
    HMAC(EVP_sha256(), SEED, (int)strlen(SEED), (const unsigned char *)ID, strlen(ID), tag, NULL);
    return sodium_bin2hex(out, 65, tag, sizeof tag) != NULL;
}

/* The context keeps the key: a start without a key begins again with it. */
static bool openssl_kept_token(char out[65])
{
    unsigned char tag[32];
    size_t length = 0;
    EVP_MAC_init(mac, NULL, 0, NULL);
    EVP_MAC_update(mac, (const unsigned char *)ID, strlen(ID));
    EVP_MAC_final(mac, tag, &length, sizeof tag);
    return sodium_bin2hex(out, 65, tag, sizeof tag) != NULL;
}

static bool sodium_token(char out[65])
{
    unsigned char tag[32];
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, (const unsigned char *)SEED, strlen(SEED));
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)ID, strlen(ID));
    crypto_auth_hmacsha256_final(&state, tag);
    return sodium_bin2hex(out, 65, tag, sizeof tag) != NULL;
}

bool openssl_derive(void)
{
    char out[65];
    return openssl_token(out) && out[63] == right_token[63];
}

bool openssl_kept_derive(void)
{
    char out[65];
    return openssl_kept_token(out) && out[63] == right_token[63];
}

bool openssl_kept_verify_token(void)
{
    char out[65];
    return openssl_kept_token(out) && openssl_same(out, right_token, 64);
}

bool mbedtls_derive(void)
{
    unsigned char tag[32];
    char out[65];
    const mbedtls_md_info_t *info = mbedtls_md_info_from_type(MBEDTLS_MD_SHA256);
    mbedtls_md_hmac(info, (const unsigned char *)SEED, strlen(SEED), (const unsigned char *)ID, strlen(ID), tag);
    return sodium_bin2hex(out, 65, tag, sizeof tag) != NULL && out[63] == right_token[63];
}

bool sodium_derive(void)
{
    char out[65];
    return sodium_token(out) && out[63] == right_token[63];
}

bool sodium_verify_token(void)
{
    char out[65];
    return sodium_token(out) && sodium_memcmp(out, right_token, 64) == 0;
}
