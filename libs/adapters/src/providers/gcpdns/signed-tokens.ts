import { AccessTokens, fitting, type AccessToken, type GivenToken } from '../../base/index.js';
import type { HttpAnswer, ProviderPorts } from '../../spi/index.js';
import type { GcpdnsCredential } from './credential.js';
import { isClockSkew, tokenErrorOf } from './errors.js';
import { TokenAnswer } from './schema.js';
import { signedJwt } from './signed-jwt.js';

/** Enough for everything here, and for nothing beside Cloud DNS. https://developers.google.com/identity/protocols/oauth2/scopes, verified 2026-11. */
const scope = 'https://www.googleapis.com/auth/ndev.clouddns.readwrite';
/** What Google wants to see as audience, whatever address the key file has. https://developers.google.com/identity/protocols/oauth2/service-account, verified 2026-11. */
const audience = 'https://oauth2.googleapis.com/token';
const grantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
/** From `iat` to `exp` an hour at most; `iat` lies back, so that a clock which is a little fast signs nothing in the future. */
const jwtSeconds = 3_600;
const backdatedSeconds = 30;

/** How a service account comes to its access tokens: by an assertion that it signs (RFC 7523), once more where Google's clock is not ours. */
export class SignedTokens {
  private readonly tokens: AccessTokens;
  /** How far Google's clock is ahead of ours, once it has said so. */
  private skewMs = 0;

  constructor(private readonly credential: GcpdnsCredential, private readonly ports: Pick<ProviderPorts, 'http' | 'clock'>) {
    this.tokens = new AccessTokens((signal) => this.ask(signal), ports.clock);
  }

  /** Throws `rejected_credential`, `rate_limited`, `provider_unavailable`, `provider_protocol`. */
  current(signal: AbortSignal): Promise<AccessToken> {
    return this.tokens.current(signal);
  }

  /** The API did not take this token: it is not used again, and where Google's clock was seen to differ the next one is signed for that. */
  drop(token: AccessToken, answer: Pick<HttpAnswer, 'headers'>): void {
    this.tokens.drop(token);
    if (this.credential.tokenUrl === null) this.learnSkew(answer);
  }

  private async ask(signal: AbortSignal): Promise<GivenToken> {
    const { tokenUrl } = this.credential;
    if (tokenUrl === null) return this.selfSigned();
    const first = await this.request(tokenUrl, signal);
    // A refused assertion had no effect: signed once more, for their clock.
    const answer = isClockSkew(first) && this.learnSkew(first) ? await this.request(tokenUrl, signal) : first;
    if (answer.status !== 200) throw tokenErrorOf(answer, this.ports.clock.now());
    const { access_token: token, expires_in: seconds } = fitting(TokenAnswer, answer.json());
    return { token, seconds };
  }

  private request(tokenUrl: string, signal: AbortSignal): Promise<HttpAnswer> {
    const { clientEmail } = this.credential;
    const body = new URLSearchParams({ grant_type: grantType, assertion: signedJwt(this.credential, { iss: clientEmail, scope, aud: audience, ...this.lifetime() }) });
    return this.ports.http.request({ method: 'POST', url: tokenUrl, headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: body.toString(), safe: true }, signal);
  }

  /** Outside the public cloud there is no token endpoint: the signed JWT is the token. https://google.aip.dev/auth/4111, verified 2026-11. */
  private selfSigned(): GivenToken {
    const { apiHost, clientEmail } = this.credential;
    return { token: signedJwt(this.credential, { iss: clientEmail, sub: clientEmail, aud: `https://${apiHost}/`, ...this.lifetime() }), seconds: jwtSeconds - backdatedSeconds };
  }

  private lifetime(): { iat: number; exp: number } {
    const iat = Math.floor((this.ports.clock.now().getTime() + this.skewMs) / 1_000) - backdatedSeconds;
    return { iat, exp: iat + jwtSeconds };
  }

  /** False where the answer does not tell the time. */
  private learnSkew({ headers }: Pick<HttpAnswer, 'headers'>): boolean {
    const theirsMs = Date.parse(headers['date'] ?? '');
    if (Number.isNaN(theirsMs)) return false;
    this.skewMs = theirsMs - this.ports.clock.now().getTime();
    return true;
  }
}
