import { createPublicKey, randomBytes, verify } from 'node:crypto';
import { jsonAnswer, objectOf, type FakeAnswer } from '../../conformance/index.js';

/** What the fake knows of a service account: the public half of its key, as Google does. */
export type FakeAccount = { email: string; keyId: string | undefined; pem: string; state?: 'deleted' | 'disabled' };
export type FakeTokensOptions = { account: FakeAccount; now(): Date; lifetimeSeconds: number; apiHost: string; /** Answers `expires_in` as a text, which was seen. */ expiresAsText?: boolean };

const audiences = ['https://oauth2.googleapis.com/token', 'https://www.googleapis.com/oauth2/v4/token', 'https://accounts.google.com/o/oauth2/token'];
const scopes = ['https://www.googleapis.com/auth/ndev.clouddns.readwrite', 'https://www.googleapis.com/auth/cloud-platform'];
const inOrder = 'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.';

type Claims = { iss?: string; sub?: string; aud?: string; scope?: string; iat?: number; exp?: number };

/** Plays the token endpoint of Google (RFC 7523) and knows afterwards who holds which token. */
export class FakeTokens {
  /** Tokens and assertions that were seen; they are secrets. */
  readonly issued: string[] = [];
  private readonly valid = new Map<string, { untilMs: number; mayUse: boolean }>();

  constructor(private readonly options: FakeTokensOptions) {}

  grant(body: string): FakeAnswer {
    const form = new URLSearchParams(body);
    const { account, lifetimeSeconds, now, expiresAsText } = this.options;
    if (form.get('grant_type') !== 'urn:ietf:params:oauth:grant-type:jwt-bearer') return refusal('unsupported_grant_type', `Invalid grant_type: ${form.get('grant_type') ?? ''}`);
    const assertion = form.get('assertion') ?? '';
    this.issued.push(assertion);
    const claims = this.read(assertion);
    if (claims === null) return refusal('invalid_grant', 'Invalid JWT Signature.');
    if (claims.iss !== account.email || account.state === 'deleted') return refusal('invalid_grant', 'Invalid grant: account not found');
    if (account.state === 'disabled') return refusal('disabled_client', 'The OAuth client was disabled.');
    if (!audiences.includes(claims.aud ?? '')) return refusal('invalid_grant', 'Invalid JWT: Failed audience check.');
    if (!this.inTime(claims)) return refusal('invalid_grant', inOrder);
    if (claims.scope === undefined) return jsonAnswer(200, { id_token: 'an-id-token-and-no-access-token' });
    const token = `fake-access-token-${randomBytes(12).toString('hex')}`;
    this.issued.push(token);
    this.valid.set(token, { untilMs: now().getTime() + lifetimeSeconds * 1_000, mayUse: claims.scope.split(' ').some((each) => scopes.includes(each)) });
    return jsonAnswer(200, { access_token: token, expires_in: expiresAsText === true ? String(lifetimeSeconds) : lifetimeSeconds, token_type: 'Bearer' });
  }

  /** `scope`: the token is good, and not for Cloud DNS. */
  accepts(authorization: string | undefined): 'yes' | 'no' | 'scope' {
    const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1] ?? '';
    const known = this.valid.get(token);
    if (known !== undefined) return known.untilMs <= this.options.now().getTime() ? 'no' : known.mayUse ? 'yes' : 'scope';
    const claims = this.read(token);
    if (claims !== null) this.issued.push(token);
    const { account, apiHost } = this.options;
    const isSelfSigned = claims !== null && claims.iss === account.email && claims.sub === account.email && account.state === undefined && (claims.aud === `https://${apiHost}/` || claims.scope !== undefined);
    return isSelfSigned && this.inTime(claims) ? 'yes' : 'no';
  }

  /** Somebody takes back all tokens. */
  revokeAll(): void {
    this.valid.clear();
  }

  private inTime({ iat = 0, exp = 0 }: Claims): boolean {
    const now = this.options.now().getTime() / 1_000;
    return exp - iat <= 3_600 && exp > now && iat <= now + 10 && iat > now - 3_600;
  }

  /** The claims of a JWT that is signed by the account's key. */
  private read(jwt: string): Claims | null {
    const [header = '', payload = '', signature = '', ...more] = jwt.split('.');
    if (signature === '' || more.length > 0) return null;
    const { account } = this.options;
    const { alg, kid } = partOf(header);
    if (alg !== 'RS256' || (kid !== undefined && kid !== account.keyId)) return null;
    const isSigned = verify('RSA-SHA256', Buffer.from(`${header}.${payload}`), createPublicKey(account.pem), Buffer.from(signature, 'base64url'));
    return isSigned ? (partOf(payload) as Claims) : null;
  }
}

function partOf(text: string): Record<string, unknown> {
  return objectOf(Buffer.from(text, 'base64url').toString('utf8')) ?? {};
}

function refusal(error: string, description: string): FakeAnswer {
  return jsonAnswer(400, { error, error_description: description });
}
