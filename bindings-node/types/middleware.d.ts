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
     * Called once for each refusal that has a gate and a code, before it is answered, for logs and counters. The answer for an unknown
     * sandbox has neither, so it is not reported here. The function cannot change the answer: if it throws or rejects, the error becomes a
     * warning of the process.
     */
    onRefusal?: ((request: Request, refusal: SandgateError) => unknown) | null | undefined;
}
type State = SandboxState | null | undefined;
/** A controller or an edge, or a function that returns the current one. It is called once per request. */
export type Current<T> = T | (() => T);
/** The state of a sandbox, or a promise of it; undefined or null for an unknown one. */
export type Lookup = (route: Route) => State | PromiseLike<State>;
export {};
