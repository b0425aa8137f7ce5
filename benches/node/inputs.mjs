// The values to sign, as in the benches of the other languages: a path of 42 bytes, a token of 64, a user, a 10-digit expiry.

export const TOKEN = '559fbd076af099f858db66bce0b018fdb723be6c02d8006dfd8956c682146b25'
export const SEED = 'a seed of at least 32 bytes, kept secret'
export const END = Math.floor(Date.now() / 1000) + 3600

/** As they come from the network: several of them, each in one piece, so that no compiler takes one for a constant. */
const several = (make) => Array.from({ length: 16 }, (_, at) => new TextDecoder().decode(new TextEncoder().encode(make(String(at).padStart(2, '0')))))
export const PATHS = several((at) => `/home/user/projects/report-2026/page-${at}.md`)
/** The same length, with bytes that an SDK escapes. */
export const ESCAPED_PATHS = several((at) => `/home/user/projects/q, (final)/summary${at}.md`)
export const IDS = several((at) => `i94gcaqbpvohfr764s${at}`)
/** The index that a call uses. */
export const MASK = 15
