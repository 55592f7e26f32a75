import type { Logger } from '@connect/observability';

/** Runs what nobody waits for. Its failure is said and ends neither its caller nor, as an unhandled rejection, the process. */
export function beside(log: Pick<Logger, 'warn'> | undefined, what: string, work: () => Promise<unknown>): void {
  work().catch((error: unknown) => log?.warn({ err: error }, `${what} failed; the service goes on without it`));
}
