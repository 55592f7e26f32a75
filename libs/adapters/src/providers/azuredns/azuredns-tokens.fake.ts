import { randomBytes } from 'node:crypto';
import { jsonAnswer, type FakeAnswer } from '../../conformance/index.js';

/** What the directory knows of the one application. */
export type FakeApplication = { tenantId: string; /** A verified domain of the directory. */ domain?: string; clientId: string; secret: string; state?: 'expired' | 'disabled' | 'kept_out' };
export type FakeTokensOptions = { application: FakeApplication; now(): Date; lifetimeSeconds: number; managerHost: string };

/** Plays the token endpoint of Entra ID, v2.0, for the client credentials flow, and knows afterwards which tokens are good. */
export class FakeTokens {
  /** Tokens that were given out; they are secrets. */
  readonly issued: string[] = [];
  private readonly valid = new Map<string, number>();

  constructor(private readonly options: FakeTokensOptions) {}

  grant(tenant: string, body: string): FakeAnswer {
    const { application, lifetimeSeconds, managerHost, now } = this.options;
    const form = new URLSearchParams(body);
    const isTenant = [application.tenantId, application.domain ?? application.tenantId].some((each) => each.toLowerCase() === tenant.toLowerCase());
    if (!isTenant) return this.refusal(400, 'invalid_request', 90_002, `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.`);
    if (form.get('grant_type') !== 'client_credentials') return this.refusal(400, 'unsupported_grant_type', 70_003, 'The app requested an unsupported grant type.');
    if (form.get('scope') !== `https://${managerHost}/.default`) return this.refusal(400, 'invalid_resource', 500_011, 'The resource principal was not found in the tenant.');
    if (form.get('client_id')?.toLowerCase() !== application.clientId.toLowerCase()) return this.refusal(400, 'unauthorized_client', 700_016, `Application with identifier '${form.get('client_id') ?? ''}' was not found in the directory.`);
    if (application.state === 'disabled') return this.refusal(401, 'unauthorized_client', 7_000_112, 'Application is disabled.');
    if (form.get('client_secret') === null) return this.refusal(401, 'invalid_client', 7_000_218, 'The request body must contain the following parameter: \'client_assertion\' or \'client_secret\'.');
    if (form.get('client_secret') !== application.secret) return this.refusal(401, 'invalid_client', 7_000_215, 'Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID.');
    if (application.state === 'expired') return this.refusal(401, 'invalid_client', 7_000_222, 'The provided client secret keys are expired.');
    if (application.state === 'kept_out') return this.refusal(400, 'access_denied', 53_003, 'Access has been blocked by Conditional Access policies.');
    const token = `fake-access-token-${randomBytes(12).toString('hex')}`;
    this.issued.push(token);
    this.valid.set(token, now().getTime() + lifetimeSeconds * 1_000);
    return jsonAnswer(200, { token_type: 'Bearer', expires_in: lifetimeSeconds, ext_expires_in: lifetimeSeconds, access_token: token });
  }

  /** Their code for a token that is not good; `null`: it is. */
  refuses(authorization: string | undefined): string | null {
    const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) return 'AuthenticationFailed';
    const untilMs = this.valid.get(token);
    if (untilMs === undefined) return 'InvalidAuthenticationToken';
    return untilMs <= this.options.now().getTime() ? 'ExpiredAuthenticationToken' : null;
  }

  /** Somebody takes back all tokens. */
  revokeAll(): void {
    this.valid.clear();
  }

  private refusal(status: number, error: string, code: number, text: string): FakeAnswer {
    const [trace, correlation] = ['0f8c5a39-0000-4000-8000-000000000001', '0f8c5a39-0000-4000-8000-000000000002'];
    const timestamp = this.options.now().toISOString().replace('T', ' ').replace(/\.\d+Z$/, 'Z');
    return jsonAnswer(status, {
      error, error_description: `AADSTS${code}: ${text} Trace ID: ${trace} Correlation ID: ${correlation} Timestamp: ${timestamp}`,
      error_codes: [code], timestamp, trace_id: trace, correlation_id: correlation, error_uri: `https://login.microsoftonline.com/error?code=${code}`,
    });
  }
}
