import { z } from 'zod';
import { ProviderError, isConnectError, ownerName, secret } from '@connect/domain';
import type { CredentialDescription, CredentialForm, CredentialServer, DnsServer, UpdateKey } from '../../spi/index.js';

export type Rfc2136Credential = { server: DnsServer; key: UpdateKey };

/** RFC 8945 6: the algorithms by their names; the wire name is the same as a domain name. */
const algorithms = ['hmac-sha256', 'hmac-sha512', 'hmac-sha384', 'hmac-sha224', 'hmac-sha1', 'hmac-md5.sig-alg.reg.int'] as const;
type Algorithm = (typeof algorithms)[number];

const place = {
  server: z.string().min(1).max(253).regex(/^[A-Za-z0-9.:_-]+$/),
  port: z.int().min(1).max(65_535).default(53),
  transport: z.literal('tcp').optional(),
};
const WithFields = z.strictObject({ ...place, key_name: z.string().min(1), algorithm: z.string().default('hmac-sha256'), secret: z.string().min(1) });
const WithKeyText = z.strictObject({ ...place, key: z.string().min(1) });

const form = '{"server": "ns1.example.net", "port": 53, "key_name": "update-key.", "algorithm": "hmac-sha256", "secret": "<base64>"}';
const otherForm = 'or {"server": "…", "key": "…"} with the text of a BIND key file or algorithm:keyname:secret';

export const rfc2136Credential: CredentialForm<Rfc2136Credential> = {
  parse(token) {
    const json = jsonOf(token);
    const withKey = WithKeyText.safeParse(json);
    if (withKey.success) return { server: serverOf(withKey.data), key: keyOfText(withKey.data.key) };
    const parsed = WithFields.safeParse(json);
    if (!parsed.success) throw wrongForm(`it needs the form ${form}, ${otherForm}`, parsed.error);
    const { key_name: name, algorithm, secret: base64 } = parsed.data;
    return { server: serverOf(parsed.data), key: keyOf(name, algorithm, base64) };
  },
};

export const rfc2136CredentialDescription: CredentialDescription = {
  format: form,
  json: true,
  fields: [
    { name: 'server', secret: false, format: 'name or address of the primary', placeholder: 'ns1.example.net' },
    { name: 'port', secret: false, format: 'optional, 53', placeholder: '53' },
    { name: 'key_name', secret: false, format: 'name of the TSIG key', placeholder: 'update-key.' },
    { name: 'algorithm', secret: false, format: `optional; ${algorithms.join(', ')}`, placeholder: 'hmac-sha256' },
    { name: 'secret', secret: true, format: 'base64', placeholder: 'the secret of the key' },
    { name: 'key', secret: true, format: 'instead of the three: the text of a BIND key file, or algorithm:keyname:secret', placeholder: 'key "update-key" { algorithm hmac-sha256; secret "…"; };' },
    { name: 'transport', secret: false, format: 'optional; tcp', placeholder: 'tcp' },
  ],
  steps: [
    'Make a key: tsig-keygen -a hmac-sha256 update-key (BIND) or keymgr -t update-key hmac-sha256 (Knot).',
    'Allow it to update the zone, and no other: see the minimal policy.',
    'Allow it to transfer the zone, so that a plan sees everything that is there. Without that single names are asked for.',
    'Let our address reach the primary by TCP, port 53.',
  ],
  gate: null,
  minimalPolicy: [
    '# BIND, in the zone {{zone}}',
    'update-policy { grant update-key. zonesub ANY; };',
    'allow-transfer { key update-key.; };',
    '# Knot',
    'acl:',
    '  - id: connect',
    '    key: update-key.',
    '    action: [update, transfer]',
    'zone:',
    '  - domain: {{zone}}',
    '    acl: connect',
  ].join('\n'),
};

export function serversOf({ server }: Rfc2136Credential): CredentialServer[] {
  return [{ protocol: 'dns:', host: server.address, port: server.port }];
}

function serverOf({ server, port }: { server: string; port: number }): DnsServer {
  return { address: server.replace(/\.$/, ''), port };
}

function keyOfText(text: string): UpdateKey {
  const compact = /^([A-Za-z0-9.-]+):([^:\s]+):([A-Za-z0-9+/=]+)$/.exec(text.trim());
  if (compact) return keyOf(compact[2]!, compact[1]!, compact[3]!);
  // `key "name" { algorithm hmac-sha256; secret "…"; };`, as tsig-keygen and rndc-confgen write it; the order inside is free.
  const block = /^\s*key\s+"?([^\s"{]+)"?\s*\{([^}]*)\}\s*;?\s*$/i.exec(text.replace(/(#|\/\/)[^\n]*/g, ''));
  const algorithm = /\balgorithm\s+"?([^\s";]+)"?\s*;/i.exec(block?.[2] ?? '')?.[1];
  const base64 = /\bsecret\s+"?([^\s";]+)"?\s*;/i.exec(block?.[2] ?? '')?.[1];
  if (block?.[1] === undefined || algorithm === undefined || base64 === undefined) throw wrongForm('key is the text of a BIND key file, or algorithm:keyname:secret');
  return keyOf(block[1], algorithm, base64);
}

function keyOf(name: string, algorithm: string, base64: string): UpdateKey {
  const bytes = Buffer.from(base64, 'base64');
  // Buffer skips what is no base64; a secret that was cut or mistyped would only show as BADSIG.
  if (bytes.length === 0 || bytes.toString('base64').replace(/=+$/, '') !== base64.replace(/=+$/, '')) throw wrongForm('secret is not base64');
  return { name: keyName(name), algorithm: algorithmOf(algorithm), secret: secret(Uint8Array.from(bytes)) };
}

function keyName(text: string): string {
  try {
    return ownerName(text);
  } catch (error) {
    if (isConnectError(error)) throw wrongForm('key_name is not a domain name');
    throw error;
  }
}

function algorithmOf(text: string): Algorithm {
  const name = text.toLowerCase().replace(/\.$/, '');
  const found = algorithms.find((each) => each === (name === 'hmac-md5' ? 'hmac-md5.sig-alg.reg.int' : name));
  if (found === undefined) throw wrongForm(`algorithm is one of ${algorithms.join(', ')}`);
  return found;
}

function jsonOf(token: string): unknown {
  try {
    return JSON.parse(token);
  } catch {
    throw wrongForm(/^[A-Za-z0-9-]+:[^:]+:/.test(token) ? `algorithm:keyname:secret does not say which server; it needs {"server": "…", "key": "algorithm:keyname:secret"}` : `it is not JSON; it needs the form ${form}, ${otherForm}`);
  }
}

/** Names fields, never values. */
function wrongForm(detail: string, error?: z.ZodError): ProviderError {
  const fields = [...new Set((error?.issues ?? []).map((issue) => (issue.code === 'unrecognized_keys' ? 'an unknown field' : issue.path.join('.'))))].filter((path) => path !== '');
  return new ProviderError('credential_format', { detail: fields.length === 0 ? detail : `${detail}; wrong: ${fields.join(', ')}` });
}
