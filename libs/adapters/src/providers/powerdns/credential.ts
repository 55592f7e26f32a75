import { z } from 'zod';
import { ProviderError } from '@connect/domain';
import type { CredentialDescription, CredentialForm, CredentialServer } from '../../spi/index.js';

export type PowerdnsCredential = { /** Ends in `/api/v1`. */ apiUrl: string; apiKey: string; serverId: string };

const Written = z.strictObject({
  url: z.string().min(1),
  api_key: z.string().regex(/^[\x21-\x7e]{1,512}$/),
  server_id: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/).default('localhost'),
  allow_http: z.boolean().default(false),
});

const form = '{"url": "https://dns.example.net:8081", "api_key": "…", "server_id": "localhost"}';

export const powerdnsCredential: CredentialForm<PowerdnsCredential> = {
  parse(token) {
    const parsed = Written.safeParse(jsonOf(token));
    if (!parsed.success) throw wrongForm(`it needs the form ${form}`, parsed.error);
    const { url, api_key: apiKey, server_id: serverId, allow_http: allowHttp } = parsed.data;
    return { apiUrl: apiUrlOf(url, allowHttp), apiKey, serverId };
  },
};

export const powerdnsCredentialDescription: CredentialDescription = {
  format: form,
  json: true,
  fields: [
    { name: 'url', secret: false, format: 'URL of the HTTP API or of a proxy before it', placeholder: 'https://dns.example.net:8081' },
    { name: 'api_key', secret: true, format: 'printable ASCII without spaces', placeholder: 'the value of api-key' },
    { name: 'server_id', secret: false, format: 'optional; localhost where nobody says otherwise', placeholder: 'localhost' },
    { name: 'allow_http', secret: false, format: 'optional; true sends the key over plain http to another machine', placeholder: 'false' },
  ],
  steps: [
    'In pdns.conf set api=yes, webserver=yes, api-key=<a long random value>, and restart the server.',
    'Let webserver-allow-from name the address that our service calls from.',
    'The API speaks plain http: put a TLS proxy before it and give the URL of the proxy.',
    'Let the proxy pass only GET, PATCH and PUT below /api/v1/servers/localhost/zones/{{zone}} and GET /api/v1/servers/localhost and /api/v1/servers/localhost/zones.',
  ],
  gate: null,
  minimalPolicy: [
    'GET   /api/v1/servers/localhost',
    'GET   /api/v1/servers/localhost/zones?zone={{zone}}',
    'GET   /api/v1/servers/localhost/zones/{{zone}}',
    'PATCH /api/v1/servers/localhost/zones/{{zone}}',
    'PUT   /api/v1/servers/localhost/zones/{{zone}}/notify',
    'PUT   /api/v1/servers/localhost/zones/{{zone}}/rectify',
  ].join('\n'),
};

export function serversOf({ apiUrl }: PowerdnsCredential): CredentialServer[] {
  const url = new URL(apiUrl);
  const protocol = url.protocol === 'https:' ? 'https:' : 'http:';
  return [{ protocol, host: url.hostname, port: url.port === '' ? (protocol === 'https:' ? 443 : 80) : Number(url.port) }];
}

function apiUrlOf(text: string, allowHttp: boolean): string {
  if (!URL.canParse(text)) throw wrongForm('url is not a URL');
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw wrongForm('url begins with https://');
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') throw wrongForm('url has a host, a port and a path only');
  if (url.protocol === 'http:' && !allowHttp && !isLoopback(url.hostname)) throw wrongForm('url begins with https://; plain http to another machine needs "allow_http": true');
  const path = url.pathname.replace(/\/+$/, '');
  return `${url.origin}${path.endsWith('/api/v1') ? path : `${path}/api/v1`}`;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(\.\d+){3}$/.test(host);
}

function jsonOf(token: string): unknown {
  try {
    return JSON.parse(token);
  } catch {
    throw wrongForm(`it is not JSON; it needs the form ${form}`);
  }
}

/** Names fields, never values. */
function wrongForm(detail: string, error?: z.ZodError): ProviderError {
  const fields = [...new Set((error?.issues ?? []).flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys.map(() => 'an unknown field') : [issue.path.join('.')])))].filter((path) => path !== '');
  return new ProviderError('credential_format', { detail: fields.length === 0 ? detail : `${detail}; wrong: ${fields.join(', ')}` });
}
