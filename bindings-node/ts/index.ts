/**
 * Tokens and pre-signed URLs that guard cloud sandboxes. One core makes the decisions for all languages.
 *
 * `sandgate/v1` is the wire format that E2B and Novita sandboxes speak, `sandgate/v2` is a stronger one. `Controller` and `Edge` hold the
 * complete rule for a request. `sandgate/e2b` has the SDK's own function.
 */
export type { FileOperation, Header, Lifetime, Text, Time } from './values.js'
export { equal, fingerprint } from './compare.js'
export { backend } from './native.js'
export { type Allowed, Controller, type ControllerOptions, type ControllerRequest, type Initialized } from './controller.js'
export { type CreationOptions, type Credentials, decide } from './creation.js'
export {
  Edge,
  type EdgeOptions,
  type EdgeRequest,
  type Passed,
  type SandboxState,
  type ScreenedRequest,
} from './edge.js'
export { type CreationCode, CreationRefusedError, type DeniedCode, type Gate, SandgateError } from './errors.js'
export { type ExplainOptions, type Explanation, explain } from './explain.js'
export {
  DECIDING_HEADERS,
  FORWARD_HEADERS,
  forwardCookies,
  forwardHeader,
  forwardHost,
  forwardQuery,
  forwardTarget,
  TRAFFIC_COOKIE,
  TRAFFIC_HEADER,
  TRAFFIC_PARAMETER,
  type UnknownSandbox,
  unknownSandbox,
} from './forward.js'
export type { Grant } from './grant.js'
export {
  type DescribedKind,
  describe,
  type Description,
  type ExplainPassOptions,
  type ExplainSignedHostOptions,
  explainPass,
  explainSignedHost,
  explainWebhook,
} from './inspect.js'
export type { GuardRequest, RequestView } from './head.js'
export { type Carrier, Policy, type PolicyOptions, type Version } from './policy.js'
export { Route, type RouteHeaders, shortenSandboxId } from './route.js'
export * as v1 from './v1/index.js'
export * as v2 from './v2/index.js'
export * as wake from './wake.js'
export * as webhook from './webhook.js'
