export type * from './e2b.js';
export { getSignature, getSignatureSync } from './e2b.js';
