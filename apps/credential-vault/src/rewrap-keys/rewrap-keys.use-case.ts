import { ConnectError } from '@connect/domain';
import type { AssociatedData } from '../keyring/associated-data.js';
import type { Envelope } from '../keyring/envelope.js';
import { rewrapped, type RootKeys } from '../keyring/root-keyring.js';
import type { WrappedKeys } from '../ports/wrapped-keys.port.js';

const rowsATime = 100;

export class RewrapKeys {
  constructor(private readonly keys: WrappedKeys, private readonly root: RootKeys) {}

  /**
   * Before the service takes work: does the keyring open what is stored? Throws `configuration` if a version in use is missing or another key
   * stands under its number; then nothing must be stored, or two keyrings would grow side by side.
   */
  async check(): Promise<void> {
    for (const { envelope, place } of await this.keys.samples()) {
      try {
        (await this.root.unwrap(envelope, place)).fill(0);
      } catch (cause) {
        throw new ConnectError('configuration', { detail: `The root keyring does not open what is stored: a version in use is missing or is another key. ${place.join(' ')} does not open.`, errors: [{ path: 'ROOT_KEYRING', message: 'is not the keyring of this database' }], cause });
      }
    }
  }

  /**
   * Brings every key under the primary root key, some rows at a time. Returns how many it rewrapped. The tenants' own keys stay the same. Throws at a key that does not
   * open, and names its row: left alone under the old version it would look to the check as if the keyring were not the one of this database.
   */
  async run(): Promise<number> {
    let count = 0;
    for (;;) {
      const some = await this.keys.rewrapSome(this.root.primary, rowsATime, (envelope, place) => this.rewrap(envelope, place));
      count += some;
      if (some === 0) return count;
    }
  }

  private async rewrap(envelope: Envelope, place: AssociatedData): Promise<Envelope> {
    try {
      return (await rewrapped(this.root, envelope, place)) ?? envelope;
    } catch (cause) {
      throw new ConnectError('seal_broken', { detail: `${place.join(' ')} does not open, and keys stay under the old root key until it is restored.`, cause });
    }
  }
}
