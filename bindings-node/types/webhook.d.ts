import { DISPOSE } from './dispose.js';
import type { Text } from './values.js';
/** The header with the signature. */
export declare const SIGNATURE_HEADER: 'e2b-signature';
/** The header with the version of the signature. It may be absent. */
export declare const VERSION_HEADER: 'e2b-signature-version';
/** The only version. */
export declare const VERSION: 'v1';
/** The headers of a request: `Headers`, pairs of name and value, or an object such as `request.headers` of `node:http`. */
export type WebhookHeaders = Iterable<readonly [name: string, value: string]> | Readonly<Record<string, string | readonly string[] | undefined>>;
/**
 * The secrets of a receiver of webhooks, of which any may have signed: several while one is replaced.
 *
 * The format is E2B's: a plain hash with the secret in front, which holds no time. Read a verified body with `JSON.parse` from strictly
 * decoded UTF-8 (`new TextDecoder('utf-8', { fatal: true })`), and remember the ids of the events that you have handled.
 *
 * @example
 * const verifier = new webhook.Verifier(process.env.WEBHOOK_SECRET)
 * app.post('/events', express.raw({ type: '*\/*' }), (request, response) => {
 *   verifier.verify(request.headers, request.body)
 *   response.sendStatus(204)
 * })
 */
export declare class Verifier {
    #private;
    /**
     * @param secret At least 16 bytes. Up to 8 secrets.
     * @throws {RangeError} `ERR_SANDGATE_WEBHOOK_SECRET`, `ERR_SANDGATE_TOO_MANY_SECRETS`.
     * @throws {TypeError} for a value of the wrong type.
     */
    constructor(secret: Text, ...more: Text[]);
    /**
     * Refuses a body that none of the secrets signed.
     *
     * @param body The bytes as received, before anything parses them.
     * @throws {SandgateError} gate "webhook": `ERR_SANDGATE_MISSING` without a signature; `ERR_SANDGATE_MALFORMED` for a header that was
     * given twice, another version than `v1`, or a signature that is not 43 characters of base64; `ERR_SANDGATE_INVALID`.
     * @throws {TypeError} for wrong use.
     */
    verify(headers: WebhookHeaders, body: Uint8Array): void;
    /**
     * Whether one of the secrets signed this body.
     *
     * @throws {TypeError} for wrong use, and never for a refusal.
     */
    isValid(headers: WebhookHeaders, body: Uint8Array): boolean;
    /**
     * Begins to verify a body that comes in pieces. Do not act on any of them before `finish` returns, and limit how much you read.
     *
     * @throws {SandgateError} if the headers are refused, whatever the body.
     * @throws {TypeError} for wrong use.
     *
     * @example
     * const verification = verifier.start(request.headers)
     * for await (const piece of request) verification.update(piece)
     * verification.finish()
     */
    start(headers: WebhookHeaders): Verification;
    /** Wipes its secrets at once. Whatever is called later throws an `Error`, `ERR_SANDGATE_DISPOSED`. */
    dispose(): void;
    /** The same, for `using`. */
    [DISPOSE](): void;
}
/** The verification of a body that comes in pieces: `Verifier.start` returns one. */
export declare class Verification {
    #private;
    /**
     * Takes the next piece of the body.
     *
     * @throws {TypeError} for wrong use.
     */
    update(piece: Uint8Array): void;
    /**
     * Refuses unless the pieces so far are the signed body.
     *
     * @throws {SandgateError} `ERR_SANDGATE_INVALID`.
     */
    finish(): void;
    /** Wipes it at once. Whatever is called later throws an `Error`, `ERR_SANDGATE_DISPOSED`. */
    dispose(): void;
    /** The same, for `using`. */
    [DISPOSE](): void;
}
/**
 * Signs the body of a webhook, as a platform that sends events does: 43 characters for the header `e2b-signature`. Send
 * `e2b-signature-version: v1` beside it.
 *
 * @throws {RangeError} `ERR_SANDGATE_WEBHOOK_SECRET` for a secret of fewer than 16 bytes.
 * @throws {TypeError} for a value of the wrong type.
 */
export declare function sign(secret: Text, body: Uint8Array): string;
