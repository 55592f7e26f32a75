import { createHash, createHmac } from 'node:crypto';

export type SigningKey = { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
export type SigningScope = { region: string; service: string };
export type RequestToSign = {
  method: string;
  host: string;
  /** Not yet encoded. A slash at the end counts. */
  path: string;
  /** Pairs that are not yet encoded. */
  query?: readonly (readonly [name: string, value: string])[];
  /** More headers to send and to sign; names in any case. */
  headers?: Readonly<Record<string, string>>;
  body?: string;
};
export type SignedRequest = { url: string; headers: Record<string, string> };

const algorithm = 'AWS4-HMAC-SHA256';

/**
 * AWS Signature Version 4 in the Authorization header. The signature holds for about five minutes from `now`, so each attempt is signed afresh.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html, verified 2026-11 against the published vectors.
 */
export function signed(request: RequestToSign, key: SigningKey, { region, service }: SigningScope, now: Date): SignedRequest {
  const at = now.toISOString().replace(/[-:]|\.\d{3}/g, '');
  const headers: Record<string, string> = {
    ...Object.fromEntries(Object.entries(request.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value])),
    host: request.host,
    'x-amz-date': at,
    ...(key.sessionToken === undefined ? {} : { 'x-amz-security-token': key.sessionToken }),
  };
  const path = request.path.split('/').map(percentEncoded).join('/');
  const query = (request.query ?? []).map(([name, value]) => `${percentEncoded(name)}=${percentEncoded(value)}`).sort(byCode).join('&');
  const names = Object.keys(headers).sort(byCode);
  const signedHeaders = names.join(';');
  const canonicalHeaders = names.map((name) => `${name}:${headers[name]!.trim().replaceAll(/ +/g, ' ')}\n`).join('');
  const canonical = [request.method, path, query, canonicalHeaders, signedHeaders, sha256(request.body ?? '')].join('\n');
  const scope = `${at.slice(0, 8)}/${region}/${service}/aws4_request`;
  const signingKey = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${key.secretAccessKey}`);
  const signature = hmac(signingKey, [algorithm, at, scope, sha256(canonical)].join('\n')).toString('hex');
  return {
    url: `https://${request.host}${path}${query === '' ? '' : `?${query}`}`,
    headers: { ...headers, authorization: `${algorithm} Credential=${key.accessKeyId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}` },
  };
}

/** Everything but `A-Za-z0-9-._~`; `encodeURIComponent` leaves five characters more as they are. */
function percentEncoded(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

function byCode(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text, 'utf8').digest();
}
