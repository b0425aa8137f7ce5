// The values to sign, as in the benches of the other languages: a path of 42 bytes, a token of 64, a user, a 10-digit expiry.

export const TOKEN = '559fbd076af099f858db66bce0b018fdb723be6c02d8006dfd8956c682146b25'
export const SEED = 'a seed of at least 32 bytes, kept secret'
export const END = Math.floor(Date.now() / 1000) + 3600

/** Like texts from the network: several, each a flat string, so that the compiler does not treat one as a constant. */
const several = (make) => Array.from({ length: 16 }, (_, at) => Buffer.from(make(String(at).padStart(2, '0'))).toString())
export const PATHS = several((at) => `/home/user/projects/report-2026/page-${at}.md`)
export const IDS = several((at) => `i94gcaqbpvohfr764s${at}`)
/** The index that a call uses. */
export const MASK = 15
