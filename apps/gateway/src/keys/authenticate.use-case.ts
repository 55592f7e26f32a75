import { Inject, Injectable } from '@nestjs/common';
import { ConnectError, type Clock, type Secret } from '@connect/domain';
import type { Caller } from '../ports/caller.js';
import { CLOCK } from '../ports/clock.port.js';
import { KeyStore } from '../ports/key-store.port.js';
import { Revocations } from '../ports/revocations.port.js';
import { hashApiKey, looksLikeApiKey } from './api-key.js';
import { KEY_SECRET } from './create-key.use-case.js';

type Known = { caller: Caller; expiresAt: Date | null; untilMs: number };
/** A revocation is told to every replica; where the telling is lost a revoked key lives this long. */
const rememberedMs = 15_000;
const rememberedKeys = 10_000;

/** Who asks? Keys that were seen lately are remembered by their hash, so that a request costs no query. */
@Injectable()
export class Authenticate {
  private readonly known = new Map<string, Known>();

  constructor(private readonly keys: KeyStore, revocations: Revocations, @Inject(KEY_SECRET) private readonly keySecret: Secret<string>, @Inject(CLOCK) private readonly clock: Clock) {
    revocations.follow((hashInHex) => this.known.delete(hashInHex));
  }

  /** Takes the `Authorization` header. Throws `unauthenticated`. */
  async run(header: string | undefined): Promise<Caller> {
    const key = /^Bearer\s+(\S+)$/i.exec(header ?? '')?.[1];
    if (key === undefined || !looksLikeApiKey(key)) throw new ConnectError('unauthenticated');
    const hash = hashApiKey(key, this.keySecret);
    const known = this.remembered(hash.toString('hex')) ?? (await this.look(hash));
    if (known === null || (known.expiresAt !== null && known.expiresAt <= this.clock.now())) throw new ConnectError('unauthenticated');
    return known.caller;
  }

  private remembered(hash: string): Known | null {
    const known = this.known.get(hash);
    return known !== undefined && known.untilMs > this.clock.monotonicMs() ? known : null;
  }

  private async look(hash: Buffer): Promise<Known | null> {
    const found = await this.keys.findByHash(hash);
    if (found === null) return null;
    const { expiresAt, ...caller } = found;
    const known = { caller, expiresAt, untilMs: this.clock.monotonicMs() + rememberedMs };
    // The oldest entry goes first: a Map keeps the order of insertion.
    const oldest = this.known.keys().next().value;
    if (this.known.size >= rememberedKeys && oldest !== undefined) this.known.delete(oldest);
    this.known.delete(hash.toString('hex'));
    this.known.set(hash.toString('hex'), known);
    return known;
  }
}
