export type * from './index.js';
export { Controller, CreationRefusedError, decide, Edge, equal, explain, fingerprint, FORWARD_HEADERS, forwardCookies, forwardHeader, forwardHost, forwardQuery, forwardTarget, Policy, Route, SandgateError, TRAFFIC_COOKIE, TRAFFIC_HEADER, TRAFFIC_PARAMETER, v1, v2, } from './index.js';
