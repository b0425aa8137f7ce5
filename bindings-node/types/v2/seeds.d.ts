import type { Text } from '../values.js';
/** Seeds by their key ids, the one that derives in front. */
export type Seeds = Iterable<readonly [keyId: Text, seed: Text]> | Readonly<Record<string, Text>>;
