import { createHash, createHmac } from 'node:crypto';

/** What AWS answers to a request whose signature it does not take; `keyId` where it does. */
export type SignatureVerdict = { keyId: string } | { status: 403; code: string; message: string };

export type SignedMessage = { method: string; /** As it came. */ path: string; query: URLSearchParams; headers: Record<string, string>; body: string };

const refusal = (code: string, message: string): SignatureVerdict => ({ status: 403, code, message });
const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
const mac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** Checks Signature Version 4 as the service does: from the request as it came in, with nothing but the secret. */
export function verifySignature(message: SignedMessage, secrets: ReadonlyMap<string, string>, region: string, now: Date): SignatureVerdict {
  const authorization = message.headers['authorization'];
  if (authorization === undefined) return refusal('MissingAuthenticationToken', 'Missing Authentication Token');
  const parsed = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(authorization);
  const amzDate = message.headers['x-amz-date'] ?? '';
  if (parsed === null || !/^\d{8}T\d{6}Z$/.test(amzDate)) return refusal('IncompleteSignature', 'Authorization header requires existence of Credential, SignedHeaders, Signature and a date.');
  const [, keyId, day, signedRegion, service, signedHeaders, signature] = parsed as unknown as [string, string, string, string, string, string, string];
  const secret = secrets.get(keyId);
  if (secret === undefined) return refusal('InvalidClientTokenId', 'The security token included in the request is invalid.');
  if (service !== 'route53') return refusal('SignatureDoesNotMatch', `Credential should be scoped to correct service: 'route53'.`);
  if (signedRegion !== region) return refusal('SignatureDoesNotMatch', `Credential should be scoped to a valid region, not '${signedRegion}'. `);
  const names = signedHeaders.split(';');
  if (!names.includes('host') || !names.includes('x-amz-date')) return refusal('SignatureDoesNotMatch', `'Host' and 'X-Amz-Date' must be signed headers.`);
  const skewMs = Date.parse(amzDate.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z')) - now.getTime();
  const stamp = now.toISOString().replace(/[-:]|\.\d+/g, '');
  if (skewMs < -300_000) return refusal('SignatureDoesNotMatch', `Signature expired: ${amzDate} is now earlier than ${stamp} (${stamp} - 5 min.)`);
  if (skewMs > 300_000) return refusal('SignatureDoesNotMatch', `Signature not yet current: ${amzDate} is still later than ${stamp} (${stamp} + 5 min.)`);
  const scope = `${day}/${signedRegion}/${service}/aws4_request`;
  const toSign = `AWS4-HMAC-SHA256\n${amzDate}\n${scope}\n${hash(canonicalRequest(message, names, signedHeaders))}`;
  const key = mac(mac(mac(mac(`AWS4${secret}`, day), signedRegion), service), 'aws4_request');
  if (mac(key, toSign).toString('hex') !== signature) return refusal('SignatureDoesNotMatch', 'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.');
  return { keyId };
}

function canonicalRequest({ method, path, query, headers, body }: SignedMessage, names: readonly string[], signedHeaders: string): string {
  const encode = (text: string): string => [...Buffer.from(text)].map((byte) => (/[A-Za-z0-9\-._~]/.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)).join('');
  const pairs = [...query].map(([name, value]) => `${encode(name)}=${encode(value)}`);
  const lines = names.map((name) => `${name}:${(headers[name] ?? '').trim().replace(/\s+/g, ' ')}\n`);
  // Services other than S3 encode the path that came in once more.
  return [method, path.split('/').map(encode).join('/'), pairs.sort().join('&'), lines.join(''), signedHeaders, hash(body)].join('\n');
}
