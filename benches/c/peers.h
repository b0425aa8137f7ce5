/* The same work with the libraries that C programs use. Each call compares its answer with the right one. */
#ifndef PEERS_H
#define PEERS_H

#include <stdbool.h>

#define PATH "/home/user/projects/report-2026/summary.md"
#define USER "user"
#define TOKEN "559fbd076af099f858db66bce0b018fdb723be6c02d8006dfd8956c682146b25"
#define SEED "a seed of at least 32 bytes, kept secret"
#define ID "i94gcaqbpvohfr764s5l"
#define END 1800000060

/* What every candidate must return, NUL-terminated. */
extern char right_signature[64], right_token[80];

bool peers_init(void);
/* The members of a JSON object. */
const char *peers_versions(void);

bool openssl_sign(void), openssl_verify(void), openssl_derive(void);
bool openssl_kept_sign(void), openssl_kept_verify(void), openssl_kept_derive(void), openssl_kept_verify_token(void);
bool mbedtls_sign(void), mbedtls_verify(void), mbedtls_derive(void);
bool sodium_sign(void), sodium_verify(void), sodium_derive(void), sodium_verify_token(void);

#endif
