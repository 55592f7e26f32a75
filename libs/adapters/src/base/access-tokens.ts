import { secret, type Secret } from '@connect/domain';

export type AccessToken = Secret<string>;
/** As a token endpoint gives it (RFC 6749 5.1). */
export type GivenToken = { token: string; seconds: number };
type Kept = { token: AccessToken; fromMs: number; untilMs: number };

/** A token is not used in its last minutes. */
const marginMs = 5 * 60_000;

/**
 * Access tokens of one opened adapter: one is kept and used until shortly before it ends, and asked for once however many calls wait for it.
 * Nothing outlives the adapter, so a credential that was replaced is not used on.
 */
export class AccessTokens {
  private kept: Kept | null = null;
  private asking: Promise<Kept> | null = null;

  constructor(private readonly ask: (signal: AbortSignal) => Promise<GivenToken>, private readonly clock: { now(): Date }) {}

  /** Throws what `ask` throws. */
  async current(signal: AbortSignal): Promise<AccessToken> {
    const nowMs = this.clock.now().getTime();
    // A clock that was set back would make a token look younger than it is.
    if (this.kept !== null && nowMs >= this.kept.fromMs && nowMs < this.kept.untilMs) return this.kept.token;
    const mine = this.asking === null;
    this.asking ??= this.asked(signal).finally(() => { this.asking = null; });
    try {
      this.kept = await this.asking;
    } catch (error) {
      // The other call may have been given up by its own signal; that is no answer to this one.
      if (mine) throw error;
      return this.current(signal);
    }
    return this.kept.token;
  }

  /** The API did not take this token: it is not used again. */
  drop(token: AccessToken): void {
    if (this.kept?.token === token) this.kept = null;
  }

  private async asked(signal: AbortSignal): Promise<Kept> {
    const { token, seconds } = await this.ask(signal);
    const fromMs = this.clock.now().getTime();
    return { token: secret(token), fromMs, untilMs: fromMs + Math.max(seconds * 1_000 - marginMs, seconds * 500) };
  }
}
