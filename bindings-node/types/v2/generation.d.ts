/** The generation of a sandbox's credentials. */
export interface Generation {
    /** 0 (the first generation) to 2^32 - 1. */
    generation?: number | bigint | null | undefined;
}
