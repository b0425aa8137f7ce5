import { type SandboxState } from './edge.js';
import { type Route } from './route.js';
import type { Text, Time } from './values.js';
/** What a guard asks beside the request. Neither may be a promise. */
export interface GuardOptions<Request> {
    /** When it is, otherwise the system's clock says. */
    clock?: (() => Time) | null | undefined;
    /** What v2 credentials were signed for, 1 to 255 bytes, such as the client's address. */
    context?: ((request: Request) => Text | null | undefined) | null | undefined;
}
type State = SandboxState | null | undefined;
/** A controller or an edge, or a function that returns the one that holds now. It is called once for each request. */
export type Current<T> = T | (() => T);
/** What is known of a sandbox, at once or later; undefined or null for one that is not there. */
export type Lookup = (route: Route) => State | PromiseLike<State>;
export {};
