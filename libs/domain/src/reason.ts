import type { ErrorContext } from './connect-error.js';
import { errorCatalogue, type Actor, type ErrorCode } from './error-catalogue.js';

/** Why a connection is where it is: the same words as a problem document. Instants are ISO 8601 UTC. */
export type Reason = { code: ErrorCode; actor: Actor; message: string; next_step: string; detail?: string; next_check_at?: string; expected_by?: string };

export function reasonOf(code: ErrorCode, more: { detail?: string; next_check_at?: string; expected_by?: string } = {}): Reason {
  const row = errorCatalogue[code];
  return { code, actor: row.actor, message: row.message, next_step: row.nextStep, ...more };
}

/** An RFC 9457 problem document; `request_id` is added at the door. */
export type Problem = { type: string; title: string; status: number; code: ErrorCode; actor: Actor; detail?: string; next_step: string; errors?: { path: string; message: string }[] };

export function problemOf(code: ErrorCode, context: ErrorContext = {}): Problem {
  const row = errorCatalogue[code];
  return {
    type: `urn:connect-domain:error:${code}`,
    title: row.message,
    status: row.status,
    code,
    actor: row.actor,
    ...(context.detail === undefined ? {} : { detail: context.detail }),
    next_step: row.nextStep,
    ...(context.errors === undefined || context.errors.length === 0 ? {} : { errors: context.errors }),
  };
}
