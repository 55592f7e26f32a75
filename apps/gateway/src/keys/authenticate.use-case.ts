import { Inject, Injectable } from '@nestjs/common';
import { ConnectError, type Clock, type Secret } from '@connect/domain';
import type { Caller } from '../ports/caller.js';
import { CLOCK } from '../ports/clock.port.js';
import { KeyStore } from '../ports/key-store.port.js';
import { Revocations } from '../ports/revocations.port.js';
import { RateLimits } from '../rate-limits/rate-limits.js';
import { hashApiKey, looksLikeApiKey } from './api-key.js';
import { KEY_SECRET } from './create-key.use-case.js';

type Known = { caller: Caller; untilMs: number };
/** A revocation is told to every replica; where the telling is lost a revoked key lives this long. */
const rememberedMs = 15_000;
const rememberedKeys = 10_000;

/** Who asks? Keys that were seen lately are remembered by their hash, so that a request costs no query. */
@Injectable()
export class Authenticate {
  private readonly known = new Map<string, Known>();

  constructor(
    private readonly keys: KeyStore,
    revocations: Revocations,
    @Inject(KEY_SECRET) private readonly keySecret: Secret<string>,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly limits: RateLimits,
  ) {
    revocations.follow((hashInHex) => this.known.delete(hashInHex));
  }

  /**
   * Takes the `Authorization` header and the address that it came from. Throws `unauthenticated`, and `too_many_requests` where so many wrong keys came from the address
   * that one which was not seen here before is not even looked for. Keys that are in use are not concerned: the address may be a proxy's.
   */
  async run(header: string | undefined, address: string): Promise<Caller> {
    const key = /^Bearer\s+(\S+)$/i.exec(header ?? '')?.[1];
    const known = key !== undefined && looksLikeApiKey(key) ? await this.find(hashApiKey(key, this.keySecret), address) : null;
    if (known !== null && (known.caller.expiresAt === null || known.caller.expiresAt > this.clock.now())) return known.caller;
    this.limits.admitUnknownKey(address);
    this.limits.countUnknownKey(address);
    throw new ConnectError('unauthenticated');
  }

  private async find(hash: Buffer, address: string): Promise<Known | null> {
    const seen = this.known.get(hash.toString('hex'));
    if (seen !== undefined && seen.untilMs > this.clock.monotonicMs()) return seen;
    if (seen === undefined) this.limits.admitUnknownKey(address);
    return this.look(hash);
  }

  private async look(hash: Buffer): Promise<Known | null> {
    const caller = await this.keys.findByHash(hash);
    if (caller === null) return null;
    const known = { caller, untilMs: this.clock.monotonicMs() + rememberedMs };
    // The oldest entry goes first: a Map keeps the order of insertion.
    const oldest = this.known.keys().next().value;
    if (this.known.size >= rememberedKeys && oldest !== undefined) this.known.delete(oldest);
    this.known.delete(hash.toString('hex'));
    this.known.set(hash.toString('hex'), known);
    return known;
  }
}
