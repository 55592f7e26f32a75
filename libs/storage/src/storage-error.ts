import { ConnectError } from '@connect/domain';

/**
 * A statement that failed, without its text and parameters: both may hold secrets, and so may the server's message. `unavailable` when the database is away,
 * else `internal`. `sqlState` is the five-letter code of PostgreSQL (appendix A of its manual), null where the server said nothing.
 */
export class StorageError extends ConnectError<'internal' | 'unavailable'> {
  constructor(readonly sqlState: string | null, readonly constraint: string | null, isAway: boolean, message: string | null) {
    super(isAway ? 'unavailable' : 'internal', { detail: [isAway ? 'the database is away' : 'the database refused a statement', sqlState, constraint, message].filter((part) => part !== null).join(', ') });
    this.name = 'StorageError';
  }
}

type ServerError = { code?: unknown; constraint?: unknown; message?: unknown };

/** Classes 08 (connection), 53 (resources) and 57P (shutdown): the statement may succeed when it is run again. */
const away = /^(08...|53...|57P0[1-5])$/;
const awayByNetwork = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH']);
const awayByText = /terminat|timeout exceeded when trying to connect|not queryable|pool after calling end|is not established|has been closed/i;

/** Errors of statements become {@link StorageError}; every other error is returned as it is. */
export function storageErrorOf(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof ConnectError) return error;
  const server = ((error as { driverError?: unknown }).driverError ?? error) as ServerError;
  const code = typeof server.code === 'string' ? server.code : null;
  const text = typeof server.message === 'string' ? server.message : '';
  if (code !== null && /^[0-9A-Z]{5}$/.test(code)) {
    const constraint = typeof server.constraint === 'string' ? server.constraint : null;
    // Class 42 names tables and columns and never a value; without it a wrong statement could not be found.
    return new StorageError(code, constraint, away.test(code), code.startsWith('42') ? text : null);
  }
  if (code !== null && awayByNetwork.has(code)) return new StorageError(null, null, true, code);
  if (awayByText.test(text) && isOfTheDriver(error)) return new StorageError(null, null, true, null);
  return 'driverError' in error ? new StorageError(null, null, false, null) : error;
}

/** Does the error say that a unique index refused the row? With a name: that index. */
export function isUniqueViolation(error: unknown, constraintName?: string): boolean {
  const failure = storageErrorOf(error);
  return failure instanceof StorageError && failure.sqlState === '23505' && (constraintName === undefined || failure.constraint === constraintName);
}

function isOfTheDriver(error: Error): boolean {
  return 'driverError' in error || error.constructor === Error;
}
