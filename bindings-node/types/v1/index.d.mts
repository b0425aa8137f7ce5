export type * from './index.js';
export { FileUrlKey, Keyring } from './index.js';
