export type * from './index.js';
export { Controller, CreationRefusedError, decide, DECIDING_HEADERS, describe, Edge, equal, explain, explainPass, explainSignedHost, fingerprint, FORWARD_HEADERS, forwardCookies, forwardHeader, forwardHost, forwardQuery, forwardTarget, Policy, Route, SandgateError, TRAFFIC_COOKIE, TRAFFIC_HEADER, TRAFFIC_PARAMETER, unknownSandbox, v1, v2, } from './index.js';
