import { createPrivateKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { ProviderError } from '@connect/domain';
import { jsonOf } from '../../base/index.js';

/**
 * The key file of a service account, as Google's console gives it, with `managed_zone` added by the customer; `project` only where the zone is in another
 * project than the account. https://cloud.google.com/iam/docs/keys-create-delete, verified 2026-11.
 */
export const ServiceAccountKey = z.object({
  type: z.literal('service_account'),
  project_id: z.string().regex(/^([a-z0-9.-]+:)?[a-z0-9-]{1,63}$/),
  private_key: z.string().min(1),
  private_key_id: z.string().regex(/^[A-Za-z0-9_-]{1,128}$/).optional(),
  client_email: z.string().regex(/^[^\s@]{1,128}@[a-z0-9.-]{1,128}$/i),
  token_uri: z.string().optional(),
  universe_domain: z.string().optional(),
  managed_zone: z.string().regex(/^([a-z]([a-z0-9-]{0,61}[a-z0-9])?|\d{1,20})$/).optional(),
  project: z.string().regex(/^([a-z0-9.-]+:)?[a-z0-9-]{1,63}$/).optional(),
});
export type ServiceAccountKey = z.infer<typeof ServiceAccountKey>;

const form = 'the JSON key of a service account with a managed_zone member';

/** What each member has to look like; said in place of what was given. */
const members: Readonly<Record<string, string>> = {
  type: '"type" must be "service_account": keys of users and of workload identity federation (authorized_user, external_account) cannot be used',
  project_id: '"project_id" is the id of the project, such as my-project-123456',
  private_key: '"private_key" is the PEM text that begins with -----BEGIN PRIVATE KEY-----',
  private_key_id: '"private_key_id" is the id of the key, 40 hexadecimal digits',
  client_email: '"client_email" is the address of the service account, such as dns@my-project-123456.iam.gserviceaccount.com',
  managed_zone: '"managed_zone" is the name of the zone in Cloud DNS, such as example-com, and not its DNS name',
  project: '"project" is the id of the project that holds the zone',
};

export function wrongForm(more: string): ProviderError {
  return new ProviderError('credential_format', { detail: `it needs the form: ${form}; ${more}` });
}

/** The text as people paste it: with a byte order mark, in base64 as a secret store keeps it, with other line ends. */
export function keyFileOf(token: string): ServiceAccountKey {
  const text = token.replace(/^\uFEFF/, '').trim();
  const content = jsonOf(text.startsWith('{') ? text : Buffer.from(text, 'base64').toString('utf8').replace(/^\uFEFF/, ''));
  if (typeof content !== 'object' || content === null || Array.isArray(content)) throw wrongForm('give the whole content of the downloaded file, from { to }');
  const parsed = ServiceAccountKey.safeParse(content);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path }) => String(path[0]));
  const first = Object.keys(members).find((member) => wrong.includes(member));
  throw wrongForm(first === undefined ? 'every member of the file is a text' : members[first]!);
}

/** Line feeds that came as backslash and n are turned back. Throws `credential_format`: the parser's own error may quote the key. */
export function rsaKeyOf(pem: string): KeyObject {
  const key = privateKeyOf(pem.replaceAll('\\r', '').replaceAll('\\n', '\n').replaceAll('\r', ''));
  if (key?.asymmetricKeyType !== 'rsa') throw wrongForm('"private_key" is not a whole RSA key: copy it with its first and last line');
  return key;
}

function privateKeyOf(pem: string): KeyObject | null {
  try {
    return createPrivateKey(pem);
  } catch {
    return null;
  }
}
