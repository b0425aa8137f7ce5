import { DISPOSE } from './dispose.js';
import type { Header, Text, Time } from './values.js';
import { Grant } from './grant.js';
import { type GuardRequest } from './head.js';
import { type Policy } from './policy.js';
/** Why a request is allowed, and for the file routes what it may do. */
export declare class Allowed {
    /** An open controller, a route that needs no token, the access token, or a signature. */
    readonly basis: 'open' | 'exempt' | 'token' | 'signature';
    /** What the request may do on a file route. */
    readonly grant: Grant | undefined;
}
/** A request as a controller looks at it. */
export interface ControllerRequest {
    method: Text;
    /** Path and query of the request line, still percent-encoded: `request.url` of `node:http`. */
    target: Text;
    /** `X-Access-Token`. */
    accessToken?: Header;
    /** What both sides know of the client, 1 to 255 bytes (v2). */
    context?: Text | null | undefined;
    /** When it is, otherwise the clock says. */
    now?: Time | null | undefined;
}
/** What a controller accepts. */
export interface ControllerOptions {
    policy?: Policy | null | undefined;
}
/**
 * The controller of one sandbox: its access token, or several of one wire format while one is replaced.
 *
 * @example
 * const controller = new Controller(accessToken)
 * const { grant } = controller.check({
 *   method: request.method,
 *   target: request.url,
 *   accessToken: request.headersDistinct['x-access-token'],
 * })
 */
export declare class Controller {
    #private;
    /**
     * @param accessTokens 1 to 8 access tokens of 1 to 256 bytes each, those of v2 with distinct key ids.
     * @throws {RangeError} `ERR_SANDGATE_NO_TOKEN` for none, `ERR_SANDGATE_TOO_MANY_TOKENS`, `ERR_SANDGATE_TOKEN`,
     * `ERR_SANDGATE_TOKEN_SHAPE`, `ERR_SANDGATE_MIXED_VERSIONS`, `ERR_SANDGATE_TOKEN_VERSION`,
     * `ERR_SANDGATE_REPEATED_TOKEN`.
     * @throws {TypeError} for a value of the wrong type.
     */
    constructor(accessTokens: Text | readonly Text[], options?: ControllerOptions);
    /** A controller that allows everything: what `secure: false` asks for. */
    static open(): Controller;
    /** Whether it allows everything. */
    get isOpen(): boolean;
    /**
     * Decides.
     *
     * @throws {SandgateError} if the request is refused.
     * @throws {TypeError | RangeError} for wrong use.
     */
    check(request: ControllerRequest): Allowed;
    /**
     * Decides about a request as a server received it, before an app acts on it: all that a middleware needs to ask.
     *
     * @returns undefined for a CORS preflight, which the app answers by its CORS rule, unchecked.
     * @throws {SandgateError} if the request is refused; with 400 where its two views differ.
     * @throws {TypeError | RangeError} for wrong use.
     *
     * @example
     * controller.guard({ method: request.method, target: request.url, headers: pairsOf(request.rawHeaders) })
     */
    guard(request: GuardRequest): Allowed | undefined;
    /** Wipes its secrets at once. Whatever is called later throws an `Error`, `ERR_SANDGATE_DISPOSED`. */
    dispose(): void;
    /** The same, for `using`. */
    [DISPOSE](): void;
}
