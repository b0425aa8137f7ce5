/** Wire format v2: stronger than v1. */
export { FileUrlKey, type FileUrl, type FileUrlEnd, type FileUrlKeyOptions, type FileUrlSignature, isAccessToken, type KnownEnd, type SignedFileUrl, type VerifyQueryOptions, } from './file_url.js';
export { type Generation, Keyring, type Seeds } from './keyring.js';
export { type IssuePassOptions, type IssueSignedHostOptions, TrafficKey, type TrafficKeyOptions, type VerifyPassOptions, type VerifySignedHostOptions, } from './traffic_key.js';
export { TrafficKeyring, trafficRoot } from './traffic_keyring.js';
