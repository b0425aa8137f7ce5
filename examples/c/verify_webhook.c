/* A receiver of webhooks: it reads the body in pieces, and acts only when the whole is verified. */

#include <sandgate.h>
#include <stdio.h>
#include <string.h>

#define BYTES(text) (text), strlen(text)

int main(void)
{
    /* While the secret is replaced, the receiver holds the new one and the old one. */
    const char *secret = "the secret from today, 2026", *old_secret = "the secret until today, 2026";
    sandgate_webhook_verifier verifier;
    if (sandgate_webhook_verifier_init(BYTES(secret), &verifier) != SANDGATE_OK ||
        sandgate_webhook_verifier_add(&verifier, BYTES(old_secret)) != SANDGATE_OK)
        return 1;

    /* What the platform sends. A server takes header lines and body from the request as received. */
    const char *body = "{\"type\":\"sandbox.lifecycle.killed\",\"sandboxId\":\"i94gcaqbpvohfr764s5l\"}";
    char signature[SANDGATE_WEBHOOK_SIGNATURE_LEN];
    size_t signature_len;
    if (sandgate_webhook_sign(BYTES(old_secret), BYTES(body), signature, sizeof signature, &signature_len) != SANDGATE_OK)
        return 1;
    const sandgate_header_line lines[] = {{BYTES("e2b-signature"), signature, signature_len},
                                          {BYTES("e2b-signature-version"), BYTES("v1")}};

    sandgate_webhook_verification verification;
    sandgate_result result = sandgate_webhook_start(&verifier, lines, 2, &verification);
    for (size_t at = 0; result == SANDGATE_OK && at < strlen(body); at += 16) {
        size_t rest = strlen(body) - at;
        result = sandgate_webhook_update(&verification, body + at, rest < 16 ? rest : 16);
    }
    if (result == SANDGATE_OK)
        result = sandgate_webhook_finish(&verification);
    printf("%s\n", result == SANDGATE_OK ? "verified" : sandgate_result_message(result));

    /* A body that was parsed and written again has other bytes. */
    const char *written_again = "{\"type\": \"sandbox.lifecycle.killed\", \"sandboxId\": \"i94gcaqbpvohfr764s5l\"}";
    sandgate_result refused = sandgate_webhook_verify(&verifier, lines, 2, BYTES(written_again));
    printf("%d %s\n", sandgate_result_status(refused), sandgate_result_message(refused));

    sandgate_webhook_verification_wipe(&verification);
    sandgate_webhook_verifier_wipe(&verifier);
    return result == SANDGATE_OK && refused == SANDGATE_WEBHOOK_INVALID ? 0 : 1;
}
