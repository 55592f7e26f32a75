import { pino, type DestinationStream, type Logger as PinoLogger } from 'pino';
import type { LoggerService } from '@nestjs/common';
import { isConnectError } from '@connect/domain';
import { currentTraceId } from './trace.js';

/** JSON lines: constant text plus fields. ERROR means that somebody must act now. */
export type Logger = PinoLogger;
/** Injection token of the service's {@link Logger}. */
export const LOGGER = Symbol('logger');

export type LoggerSettings = { service: string; level: string; destination?: DestinationStream };

/** Names that never carry anything printable, wherever in the fields they stand (up to three levels deep). */
const secretNames = ['password', 'token', 'secret', 'authorization', 'cookie', 'credential', 'sealed', 'lease', 'jwk', 'key', 'url', 'parameters'];

export function createLogger({ service, level, destination }: LoggerSettings): Logger {
  const settings = {
    level,
    base: { service, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    mixin: () => {
      const traceId = currentTraceId();
      return traceId === null ? {} : { trace_id: traceId };
    },
    serializers: { err: describeError, error: describeError },
    redact: { paths: ['', '*.', '*.*.'].flatMap((depth) => secretNames.map((name) => `${depth}${name}`)), censor: '[secret]' },
  };
  return destination === undefined ? pino(settings) : pino(settings, destination);
}

/** What may be printed of an error: of ours code and detail, of others the name and the places of the stack; their messages may quote a payload. */
export function describeError(error: unknown): Record<string, unknown> {
  if (isConnectError(error)) return { name: error.name, code: error.code, detail: error.detail, ...(error.row.retry === 'never' ? {} : { retry: error.row.retry }), at: placesOf(error) };
  if (error instanceof Error) return { name: error.name, code: (error as { code?: unknown }).code, at: placesOf(error) };
  return { name: typeof error };
}

/** Nest's own lines through our logger. */
export function nestLogger(logger: Logger): LoggerService {
  const fieldsOf = (rest: unknown[]): Record<string, unknown> => {
    const context = rest.at(-1);
    return typeof context === 'string' && context.length < 64 ? { context } : {};
  };
  const write = (level: 'debug' | 'info' | 'warn' | 'error') => (message: unknown, ...rest: unknown[]): void => {
    if (typeof message === 'string') logger[level](fieldsOf(rest), message);
    else logger[level]({ ...fieldsOf(rest), err: message }, 'Nest reports an error');
  };
  return { log: write('debug'), error: write('error'), warn: write('warn'), debug: write('debug'), verbose: write('debug'), fatal: write('error') };
}

function placesOf(error: Error): string[] {
  return (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)).slice(0, 6).map((line) => line.trim());
}
