/** Names under which the module gives the ports. */
export const WATCH_STORE = Symbol('WatchStore');
export const CLOCK = Symbol('Clock');
export const CONFIG = Symbol('VerifierConfig');
