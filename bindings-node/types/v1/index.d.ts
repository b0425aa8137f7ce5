/** Wire format v1: what E2B and Novita sandboxes speak today. */
export { FileUrlKey, type FileUrl, type FileUrlEnd, type FileUrlSignature, type KnownEnd, type SignedFileUrl, type VerifyQueryOptions } from './file_url.js';
export { Keyring } from './keyring.js';
