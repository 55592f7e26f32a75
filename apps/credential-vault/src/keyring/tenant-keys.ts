import { randomBytes } from 'node:crypto';
import { Secret, type Clock } from '@connect/domain';
import { tenantKeyPlace } from './associated-data.js';
import type { Envelope } from './envelope.js';
import type { RootKeys } from './root-keyring.js';
import { TenantKey } from './tenant-key.js';

export type WrappedTenantKey = { version: number; wrapped: Envelope };

/** How long and how many unwrapped tenant keys are kept in memory. */
export type TenantKeyCache = { keepMs: number; most: number };

/**
 * Makes and unwraps tenant keys. Unwrapped keys stay in memory for `keepMs` (docs/runbooks/root-keyring.md says what that means), at most `most`
 * of them; the cache is keyed by the wrapped text too, so a changed row never meets a key that was unwrapped from another one.
 */
export class TenantKeys {
  readonly #kept = new Map<string, { key: TenantKey; untilMs: number }>();

  constructor(private readonly root: RootKeys, private readonly clock: Pick<Clock, 'monotonicMs'>, private readonly cache: TenantKeyCache) {}

  /** A new key of 256 random bits, wrapped for its tenant. */
  async create(tenantId: string, version: number): Promise<WrappedTenantKey> {
    const bytes = randomBytes(32);
    const wrapped = await this.root.wrap(new Secret(bytes), tenantKeyPlace(tenantId, version));
    bytes.fill(0);
    return { version, wrapped };
  }

  /** Throws `seal_broken` when the wrapped key does not belong to this tenant and version. */
  async unwrap(tenantId: string, { version, wrapped }: WrappedTenantKey): Promise<TenantKey> {
    const name = `${tenantId} ${version} ${wrapped}`;
    const kept = this.#kept.get(name);
    if (kept !== undefined && kept.untilMs > this.clock.monotonicMs()) return kept.key;
    const key = TenantKey.take(version, await this.root.unwrap(wrapped, tenantKeyPlace(tenantId, version)));
    this.#keep(name, key);
    return key;
  }

  /** Lets go of keys whose time is over. */
  forgetOld(): void {
    for (const [name, { untilMs }] of this.#kept) {
      if (untilMs <= this.clock.monotonicMs()) this.#kept.delete(name);
    }
  }

  #keep(name: string, key: TenantKey): void {
    this.#kept.delete(name);
    this.#kept.set(name, { key, untilMs: this.clock.monotonicMs() + this.cache.keepMs });
    const oldest = this.#kept.size > this.cache.most ? this.#kept.keys().next().value : undefined;
    if (oldest !== undefined) this.#kept.delete(oldest);
  }
}
