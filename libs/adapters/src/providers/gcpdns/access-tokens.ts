import { secret, type Secret } from '@connect/domain';
import { fitting } from '../../base/index.js';
import type { HttpAnswer, ProviderPorts } from '../../spi/index.js';
import type { GcpdnsCredential } from './credential.js';
import { isClockSkew, tokenErrorOf } from './errors.js';
import { TokenAnswer } from './schema.js';
import { signedJwt } from './signed-jwt.js';

export type AccessToken = Secret<string>;
type Cached = { token: AccessToken; fromMs: number; untilMs: number };

/** Enough for everything here, and for nothing beside Cloud DNS. https://developers.google.com/identity/protocols/oauth2/scopes, verified 2026-11. */
const scope = 'https://www.googleapis.com/auth/ndev.clouddns.readwrite';
/** What Google wants to see as audience, whatever address the key file has. https://developers.google.com/identity/protocols/oauth2/service-account, verified 2026-11. */
const audience = 'https://oauth2.googleapis.com/token';
const grantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
/** From `iat` to `exp` an hour at most; `iat` lies back, so that a clock which is a little fast signs nothing in the future. */
const jwtSeconds = 3_600;
const backdatedSeconds = 30;
/** A token is not used in its last minutes. */
const marginMs = 5 * 60_000;

/**
 * Access tokens of one opened adapter: one is kept and used until shortly before it ends, and asked for once however many calls wait for it.
 * Nothing outlives the adapter, so a credential that was replaced is not used on.
 */
export class AccessTokens {
  private cached: Cached | null = null;
  private asking: Promise<Cached> | null = null;
  /** How far Google's clock is ahead of ours, once it has said so. */
  private skewMs = 0;

  constructor(private readonly credential: GcpdnsCredential, private readonly ports: Pick<ProviderPorts, 'http' | 'clock'>) {}

  /** Throws `rejected_credential`, `rate_limited`, `provider_unavailable`, `provider_protocol`. */
  async current(signal: AbortSignal): Promise<AccessToken> {
    const nowMs = this.ports.clock.now().getTime();
    // A clock that was set back would make a token look younger than it is.
    if (this.cached !== null && nowMs >= this.cached.fromMs && nowMs < this.cached.untilMs) return this.cached.token;
    const mine = this.asking === null;
    this.asking ??= this.ask(signal).finally(() => { this.asking = null; });
    try {
      this.cached = await this.asking;
    } catch (error) {
      // The other call may have been given up by its own signal; that is no answer to this one.
      if (mine) throw error;
      return this.current(signal);
    }
    return this.cached.token;
  }

  /** The API did not take this token: it is not used again, and where Google's clock was seen to differ the next one is signed for that. */
  drop(token: AccessToken, answer: Pick<HttpAnswer, 'headers'>): void {
    if (this.cached?.token === token) this.cached = null;
    if (this.credential.tokenUrl === null) this.learnSkew(answer);
  }

  private async ask(signal: AbortSignal): Promise<Cached> {
    const { tokenUrl } = this.credential;
    if (tokenUrl === null) return this.selfSigned();
    const first = await this.request(tokenUrl, signal);
    // A refused assertion had no effect: signed once more, for their clock.
    const answer = isClockSkew(first) && this.learnSkew(first) ? await this.request(tokenUrl, signal) : first;
    if (answer.status !== 200) throw tokenErrorOf(answer, this.ports.clock.now());
    const { access_token: token, expires_in: seconds } = fitting(TokenAnswer, answer.json());
    return this.kept(token, seconds);
  }

  private request(tokenUrl: string, signal: AbortSignal): Promise<HttpAnswer> {
    const { clientEmail } = this.credential;
    const body = new URLSearchParams({ grant_type: grantType, assertion: signedJwt(this.credential, { iss: clientEmail, scope, aud: audience, ...this.lifetime() }) });
    return this.ports.http.request({ method: 'POST', url: tokenUrl, headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: body.toString(), safe: true }, signal);
  }

  /** Outside the public cloud there is no token endpoint: the signed JWT is the token. https://google.aip.dev/auth/4111, verified 2026-11. */
  private selfSigned(): Cached {
    const { apiHost, clientEmail } = this.credential;
    return this.kept(signedJwt(this.credential, { iss: clientEmail, sub: clientEmail, aud: `https://${apiHost}/`, ...this.lifetime() }), jwtSeconds - backdatedSeconds);
  }

  private lifetime(): { iat: number; exp: number } {
    const iat = Math.floor((this.ports.clock.now().getTime() + this.skewMs) / 1_000) - backdatedSeconds;
    return { iat, exp: iat + jwtSeconds };
  }

  private kept(token: string, seconds: number): Cached {
    const fromMs = this.ports.clock.now().getTime();
    return { token: secret(token), fromMs, untilMs: fromMs + Math.max(seconds * 1_000 - marginMs, seconds * 500) };
  }

  /** False where the answer does not tell the time. */
  private learnSkew({ headers }: Pick<HttpAnswer, 'headers'>): boolean {
    const theirsMs = Date.parse(headers['date'] ?? '');
    if (Number.isNaN(theirsMs)) return false;
    this.skewMs = theirsMs - this.ports.clock.now().getTime();
    return true;
  }
}
