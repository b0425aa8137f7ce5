import { type SandgateError } from './errors.js';
import { type SandboxState } from './edge.js';
import { type Route } from './route.js';
import type { Text, Time } from './values.js';
/** The options of a guard. Neither result may be a promise. */
export interface GuardOptions<Request> {
    /** Returns the current time; otherwise the system's clock is read. */
    clock?: (() => Time) | null | undefined;
    /** The context for which v2 credentials were signed, 1 to 255 bytes, such as the client's address. */
    context?: ((request: Request) => Text | null | undefined) | null | undefined;
    /**
     * Is called once for each refusal that has a gate and a code, after the answer was given to the server: for logs and counters.
     * The answer for a sandbox that the look-up does not know has neither, so it is not reported here. Whatever the function does to
     * the request, throws, rejects or returns changes nothing of the answer: an error becomes a warning of the process.
     */
    onRefusal?: ((request: Request, refusal: SandgateError) => unknown) | null | undefined;
}
type State = SandboxState | null | undefined;
/** A controller or an edge, or a function that returns the current one. It is called once per request. */
export type Current<T> = T | (() => T);
/** The state of a sandbox, or a promise of it; undefined or null for an unknown one. */
export type Lookup = (route: Route) => State | PromiseLike<State>;
export {};
