import { randomBytes } from 'node:crypto';
import { ConnectError, Secret, type Clock } from '@connect/domain';
import { importPrivateKey, transportKeyPair, type PublicJwk } from '@connect/sealing';
import { transportKeyPlace } from '../keyring/associated-data.js';
import type { RootKeys } from '../keyring/root-keyring.js';
import type { StoredTransportKey, TransportKeyStore } from '../ports/transport-key-store.port.js';

type PrivateKey = Awaited<ReturnType<typeof importPrivateKey>>;
export type Rotation = { rotateAfterSeconds: number; acceptForSeconds: number };

/** A list this old is read again before a key is announced, and one this young is not read again for a kid that nobody knows. */
const announceFromMs = 60_000;
const askAgainAfterMs = 1_000;

/**
 * The key pairs that credentials are sealed to on their way in. All replicas share them: the private keys lie in the database under the root
 * keyring. The newest is announced; older ones are accepted for a while, so that a rotation refuses nobody who sealed just before.
 */
export class TransportKeys {
  #known: StoredTransportKey[] = [];
  #readAtMs: number | null = null;
  #reading: Promise<void> | null = null;
  readonly #private = new Map<string, Promise<PrivateKey>>();

  constructor(private readonly store: TransportKeyStore, private readonly root: RootKeys, private readonly clock: Pick<Clock, 'monotonicMs'>, private readonly rotation: Rotation) {}

  /** The newest pair's public half. */
  async announced(): Promise<{ kid: string; publicJwk: PublicJwk }> {
    if (this.#ageMs() >= announceFromMs) await this.#read();
    const [newest] = this.#known;
    if (newest === undefined) throw new ConnectError('unavailable', { detail: 'The vault has no transport key yet.' });
    return { kid: newest.kid, publicJwk: newest.publicJwk };
  }

  /** Throws `key_unknown` for a kid that is not accepted, or not any more. */
  async privateKey(kid: string): Promise<PrivateKey> {
    if (this.#ageMs() >= announceFromMs || (!this.#isKnown(kid) && this.#ageMs() >= askAgainAfterMs)) await this.#read();
    const stored = this.#known.find((each) => each.kid === kid);
    if (stored === undefined) throw new ConnectError('key_unknown');
    const opening = this.#private.get(kid) ?? this.#open(stored);
    this.#private.set(kid, opening);
    try {
      return await opening;
    } catch (error) {
      this.#private.delete(kid);
      throw error;
    }
  }

  /** Makes a new pair when the newest is too old, or there is none. True if this replica made it. */
  async rotateIfDue(): Promise<boolean> {
    if (!(await this.store.isDue(this.rotation.rotateAfterSeconds))) return false;
    const kid = `vault-${randomBytes(9).toString('base64url')}`;
    const pair = await transportKeyPair();
    const sealedPrivateKey = await this.root.wrap(new Secret(pair.privateJwk.open((text) => Buffer.from(text, 'utf8'))), transportKeyPlace(kid));
    const isOurs = await this.store.rotate({ kid, publicJwk: pair.publicJwk, sealedPrivateKey }, this.rotation.rotateAfterSeconds, this.rotation.acceptForSeconds);
    await this.#read();
    return isOurs;
  }

  #isKnown(kid: string): boolean {
    return this.#known.some((each) => each.kid === kid);
  }

  #ageMs(): number {
    return this.#readAtMs === null ? Number.POSITIVE_INFINITY : this.clock.monotonicMs() - this.#readAtMs;
  }

  /** Many questions at the same time are one reading. */
  async #read(): Promise<void> {
    this.#reading ??= this.#readNow().finally(() => { this.#reading = null; });
    await this.#reading;
  }

  async #readNow(): Promise<void> {
    const accepted = await this.store.accepted();
    this.#known = accepted;
    this.#readAtMs = this.clock.monotonicMs();
    for (const kid of this.#private.keys()) {
      if (!this.#isKnown(kid)) this.#private.delete(kid);
    }
  }

  async #open(stored: StoredTransportKey): Promise<PrivateKey> {
    const bytes = await this.root.unwrap(stored.sealedPrivateKey, transportKeyPlace(stored.kid));
    try {
      return await importPrivateKey(new Secret(bytes.toString('utf8')));
    } finally {
      bytes.fill(0);
    }
  }
}
