import { errorCatalogue, type CatalogueRow, type ErrorCode, type ProviderErrorCode } from './error-catalogue.js';

export type Finding = { path: string; message: string };
export type ErrorContext = {
  /** What is special about this case. Never holds a secret or a payload. */
  detail?: string;
  /** Findings of a schema. */
  errors?: Finding[];
  /** When to try again at the earliest. */
  retryAfterMs?: number;
  cause?: unknown;
};

/** The product's only error: a code of the catalogue, which carries the decision, and what is special about the case. */
export class ConnectError<Code extends ErrorCode = ErrorCode> extends Error {
  readonly detail: string | undefined;
  readonly errors: Finding[];
  readonly retryAfterMs: number | undefined;

  constructor(readonly code: Code, context: ErrorContext = {}) {
    super(context.detail === undefined ? `${code}: ${errorCatalogue[code].message}` : `${code}: ${context.detail}`, context.cause === undefined ? undefined : { cause: context.cause });
    this.name = 'ConnectError';
    this.detail = context.detail;
    this.errors = context.errors ?? [];
    this.retryAfterMs = context.retryAfterMs;
  }

  get row(): CatalogueRow {
    return errorCatalogue[this.code];
  }
}

/** What an adapter throws; its code is one of {@link ProviderErrorCode}. */
export class ProviderError extends ConnectError<ProviderErrorCode> {
  constructor(code: ProviderErrorCode, context: ErrorContext = {}) {
    super(code, context);
    this.name = 'ProviderError';
  }
}

export function isConnectError(error: unknown): error is ConnectError {
  return error instanceof ConnectError;
}

/** Says in the code why an error does not matter here. */
export function ignoreFailure(_error: unknown, _reason: string): void {
  return;
}
