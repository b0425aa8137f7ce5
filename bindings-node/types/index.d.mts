export type * from './index.js';
export { backend, Controller, CreationRefusedError, decide, DECIDING_HEADERS, Edge, equal, explain, fingerprint, FORWARD_HEADERS, forwardCookies, forwardHeader, forwardHost, forwardQuery, forwardTarget, Policy, Route, SandgateError, TRAFFIC_COOKIE, TRAFFIC_HEADER, TRAFFIC_PARAMETER, unknownSandbox, v1, v2, } from './index.js';
