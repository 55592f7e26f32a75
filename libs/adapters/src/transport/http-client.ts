import type { Dispatcher } from 'undici';
import { ProviderError } from '@connect/domain';
import type { CredentialServer, HttpAnswer, HttpClient, HttpRequest, ProviderDescriptor } from '../spi/index.js';
import { exchange, type ExchangeResult } from './http-exchange.js';

export const maxAnswerBytes = 8 * 1024 * 1024;

export type HttpClientOptions = {
  descriptor: Pick<ProviderDescriptor, 'id' | 'hosts' | 'callTimeoutMs'>;
  /** The servers that the credential names; empty where the descriptor fixes the hosts. */
  servers: readonly CredentialServer[];
  /** Connects under the outgoing policy (`createDispatcher`). */
  dispatcher: Dispatcher;
};

/** The one HTTP door of a provider; what it promises stands at the port `HttpClient`. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const origins = allowedOrigins(options);
  return {
    async request(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
      const url = checkedUrl(request.url, origins);
      const result = await exchange(
        options.dispatcher,
        { origin: url.origin, path: `${url.pathname}${url.search}`, method: request.method, ...payloadOf(request) },
        { signal, timeoutMs: options.descriptor.callTimeoutMs, maxAnswerBytes },
      );
      if (result.kind === 'failed') throw failure(result, request, url.host);
      return answerOf(result);
    },
  };
}

function allowedOrigins({ descriptor, servers }: HttpClientOptions): ReadonlySet<string> {
  const fixed = descriptor.hosts === 'from_credential' ? [] : descriptor.hosts.map((host) => `https://${host}`);
  const named = servers.filter(({ protocol }) => protocol !== 'dns:').map(({ protocol, host, port }) => `${protocol}//${host}:${port}`);
  return new Set([...fixed, ...named].map((origin) => new URL(origin).origin));
}

/** Also a "next" link of an answer comes through here, so a provider's answer cannot send us, or our token, to another host. */
function checkedUrl(text: string, origins: ReadonlySet<string>): URL {
  if (!URL.canParse(text)) throw new ProviderError('provider_protocol', { detail: 'a link is not a URL' });
  const url = new URL(text);
  if (!origins.has(url.origin)) throw new ProviderError('outgoing_denied', { detail: `${url.protocol}//${url.host} is not a declared host of this provider` });
  if (url.username !== '' || url.password !== '') throw new ProviderError('outgoing_denied', { detail: 'a URL must not hold a credential' });
  return url;
}

function payloadOf(request: HttpRequest): { headers: Record<string, string>; body: string | null } {
  const headers: Record<string, string> = { accept: 'application/json', 'user-agent': 'connect-domain' };
  for (const [name, value] of Object.entries(request.headers ?? {})) headers[name.toLowerCase()] = value;
  if (request.body === undefined) return { headers, body: null };
  if (typeof request.body === 'string') return { headers, body: request.body };
  headers['content-type'] ??= 'application/json';
  return { headers, body: JSON.stringify(request.body) };
}

/** Nothing sent, or a call without effect: somebody may simply try again. A write that left and has no answer: look first. */
function failure(result: Extract<ExchangeResult, { kind: 'failed' }>, request: HttpRequest, host: string): ProviderError {
  const refused = causesOf(result.cause).find((cause) => cause instanceof ProviderError);
  if (refused !== undefined) return refused;
  const safe = request.safe ?? request.method === 'GET';
  const detail = { aborted: 'the call was given up', timeout: `${host} did not answer in time`, too_large: `the answer of ${host} is larger than 8 MiB`, network: `the connection to ${host} failed` }[result.reason];
  if (result.sent && !safe) return new ProviderError('outcome_unknown', { detail });
  return new ProviderError(result.reason === 'too_large' ? 'provider_protocol' : 'provider_unavailable', { detail });
}

/** The error and everything it was caused by: Node gathers the failures of several addresses in an AggregateError. */
function causesOf(error: unknown): unknown[] {
  if (!(error instanceof Error)) return [];
  const inner = error instanceof AggregateError ? error.errors : [];
  return [error, ...[error.cause, ...inner].flatMap(causesOf)];
}

function answerOf({ status, headers, body }: Extract<ExchangeResult, { kind: 'answered' }>): HttpAnswer {
  const text = body.toString('utf8');
  return {
    status,
    headers,
    text,
    json(): unknown {
      try {
        return JSON.parse(text);
      } catch {
        // The parser's own message quotes the text, which may hold anything.
        throw new ProviderError('provider_protocol', { detail: `the answer (status ${status}) is not JSON` });
      }
    },
  };
}
