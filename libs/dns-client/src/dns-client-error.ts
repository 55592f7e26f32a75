/**
 * `timeout`: nothing came in time. `refused_connection`: nobody listens there. `unreachable`: no way to the address. `connection_lost`: the server
 * closed before its answer was whole. `malformed_answer`: what came is not an answer to what was asked. `unsigned_answer`: a positive
 * answer to a signed request without a right signature. `too_large`: more than a message, or than the caller, allows. `aborted`: the caller's signal.
 */
export type DnsClientErrorCode = 'timeout' | 'refused_connection' | 'malformed_answer' | 'aborted' | 'unreachable' | 'connection_lost' | 'unsigned_answer' | 'too_large';

/** Why a DNS server gave no usable answer. A negative answer (NXDOMAIN, REFUSED) is an answer and no error. */
export class DnsClientError extends Error {
  /** May the server have got the request? A lost answer to an update is then an unknown outcome. */
  readonly requestSent: boolean;

  constructor(readonly code: DnsClientErrorCode, readonly detail: string, context: { requestSent?: boolean; cause?: unknown } = {}) {
    super(`${code}: ${detail}`, context.cause === undefined ? undefined : { cause: context.cause });
    this.name = 'DnsClientError';
    this.requestSent = context.requestSent ?? false;
  }
}

export function isDnsClientError(error: unknown): error is DnsClientError {
  return error instanceof DnsClientError;
}

/** A socket's error in our words. https://nodejs.org/api/errors.html#common-system-errors */
export function fromSocketError(error: NodeJS.ErrnoException, requestSent: boolean): DnsClientError {
  const context = { requestSent, cause: error };
  switch (error.code) {
    case 'ECONNREFUSED':
      return new DnsClientError('refused_connection', 'nobody listens at the address', context);
    case 'ECONNRESET':
    case 'EPIPE':
      return new DnsClientError('connection_lost', 'the server closed the connection', context);
    case 'ETIMEDOUT':
      return new DnsClientError('timeout', 'the address does not answer', context);
    default:
      return new DnsClientError('unreachable', `the address cannot be reached (${error.code ?? 'unknown'})`, context);
  }
}
