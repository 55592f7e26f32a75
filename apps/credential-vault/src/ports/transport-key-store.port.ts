import type { PublicJwk } from '@connect/sealing';
import type { Envelope } from '../keyring/envelope.js';

export type StoredTransportKey = { kid: string; publicJwk: PublicJwk; sealedPrivateKey: Envelope };

/** Port: the vault's key pairs for what is on its way in; all replicas share them. */
export interface TransportKeyStore {
  /** The pairs that are accepted, newest first. */
  accepted(): Promise<StoredTransportKey[]>;
  /**
   * Adds `candidate` if the newest pair is older than `rotateAfterSeconds` (or there is none); the others are then accepted for `acceptForSeconds`
   * more. One replica wins; for the others nothing happens. True if it was added.
   */
  rotate(candidate: StoredTransportKey, rotateAfterSeconds: number, acceptForSeconds: number): Promise<boolean>;
  /** True if the newest pair is older than that, or there is none. */
  isDue(rotateAfterSeconds: number): Promise<boolean>;
}
export const TRANSPORT_KEY_STORE = Symbol('TransportKeyStore');
