import type { AssociatedData } from '../keyring/associated-data.js';
import type { Envelope } from '../keyring/envelope.js';

/** Port: everything that is sealed under the root keyring, for rewrapping and for the check at the start. */
export interface WrappedKeys {
  /** One envelope for each root version that is in use. */
  samples(): Promise<{ envelope: Envelope; place: AssociatedData }[]>;
  /** Replaces at most `most` envelopes that are not of the primary version. Returns how many. Other replicas take other rows. */
  rewrapSome(primary: number, most: number, rewrap: (envelope: Envelope, place: AssociatedData) => Promise<Envelope>): Promise<number>;
}
export const WRAPPED_KEYS = Symbol('WrappedKeys');
