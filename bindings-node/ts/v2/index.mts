export type * from './index.js'
export { FileUrlKey, isAccessToken, Keyring, TrafficKey, TrafficKeyring, trafficRoot } from './index.js'
