import { readFileSync } from 'node:fs';

/** Why a local part is not there: the port is used, the program is not installed, it did not come up, or it could not be fetched. */
export type LocalPartErrorCode = 'port_taken' | 'binary_missing' | 'start_failed' | 'fetch_failed';

/** One error for everything that can go wrong on this machine. `logTail` holds the last lines the program wrote, if it ran. */
export class LocalPartError extends Error {
  readonly code: LocalPartErrorCode;
  readonly logTail: string;

  constructor(code: LocalPartErrorCode, message: string, options: { logTail?: string; cause?: unknown } = {}) {
    const logTail = options.logTail?.trim() ?? '';
    super(logTail === '' ? message : `${message}\n${logTail}`, { cause: options.cause });
    this.name = 'LocalPartError';
    this.code = code;
    this.logTail = logTail;
  }
}

/** The last `lines` lines that were written to `file` after byte `from`. Empty when there is no file. */
export function tailOf(file: string, from = 0, lines = 15): string {
  return textSince(file, from).trimEnd().split('\n').slice(-lines).join('\n');
}

/** What was written to `file` after byte `from`. Empty when there is no file. */
export function textSince(file: string, from: number): string {
  try {
    return readFileSync(file).subarray(from).toString('utf8');
  } catch {
    return '';
  }
}
