import type { Text } from '../values.js';
/** Seeds by their key ids. The first one derives. */
export type Seeds = Iterable<readonly [keyId: Text, seed: Text]> | Readonly<Record<string, Text>>;
