import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';

/** W3C Trace Context, level 1: `00-<32 hex trace id>-<16 hex parent id>-<2 hex flags>`. https://www.w3.org/TR/trace-context/#traceparent-header */
const form = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
const storage = new AsyncLocalStorage<string>();

export const traceHeader = 'traceparent';

/** A trace that begins here. */
export function newTraceparent(): string {
  return `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`;
}

/** The same trace, one step further; a new trace where `parent` is missing or not in form. */
export function childTraceparent(parent: string | null | undefined): string {
  const found = form.exec(parent ?? '');
  return found === null || /^0+$/.test(found[1] ?? '') ? newTraceparent() : `00-${found[1]}-${randomBytes(8).toString('hex')}-${found[3]}`;
}

/** Runs `work` inside the trace of `parent`: log lines carry its id, and messages and requests made by `work` its header. */
export function withTrace<T>(parent: string | null | undefined, work: () => T): T {
  return storage.run(childTraceparent(parent), work);
}

export function currentTraceparent(): string | null {
  return storage.getStore() ?? null;
}

export function currentTraceId(): string | null {
  return form.exec(storage.getStore() ?? '')?.[1] ?? null;
}
