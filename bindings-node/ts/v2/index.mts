export type * from './index.js'
export { FileUrlKey, Keyring, TrafficKey, TrafficKeyring, trafficRoot } from './index.js'
