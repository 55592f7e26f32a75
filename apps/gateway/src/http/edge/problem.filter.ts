import { Catch, HttpException, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { errorCatalogue, isConnectError, problemOf, type ErrorCode, type ErrorContext } from '@connect/domain';
import { LOGGER, type Logger } from '@connect/observability';

const defaultRetryAfterSeconds = 2;

/** Every error leaves as a problem document with the request's id; what is not ours says `internal` and nothing about itself. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(@Inject(LOGGER) private readonly log: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const { code, context } = this.codeOf(error);
    if (code === 'internal') this.log.error({ request_id: request.id, err: error }, 'a request failed');
    const problem = { ...problemOf(code, context), request_id: request.id };
    if (errorCatalogue[code].retry === 'now' && problem.status !== 500) void reply.header('retry-after', Math.ceil((context.retryAfterMs ?? defaultRetryAfterSeconds * 1000) / 1000));
    if (code === 'unauthenticated') void reply.header('www-authenticate', 'Bearer');
    void reply.status(problem.status).header('content-type', 'application/problem+json').send(JSON.stringify(problem));
  }

  private codeOf(error: unknown): { code: ErrorCode; context: ErrorContext } {
    // What went wrong inside is for the log; the caller gets the request's id.
    if (isConnectError(error) && error.code === 'internal') return { code: 'internal', context: {} };
    if (isConnectError(error)) return { code: error.code, context: { detail: error.detail, errors: error.errors, retryAfterMs: error.retryAfterMs } };
    const byServer = codeOfServer(error);
    if (byServer !== null) return { code: byServer, context: byServer === 'body_too_large' ? { detail: 'at most 262144 bytes' } : {} };
    if (error instanceof HttpException) return { code: codeOfStatus(error.getStatus()), context: {} };
    return { code: 'internal', context: {} };
  }
}

/** Errors of Fastify before a handler runs. https://fastify.dev/docs/latest/Reference/Errors/ */
function codeOfServer(error: unknown): ErrorCode | null {
  const { code } = (typeof error === 'object' && error !== null ? error : {}) as { code?: unknown };
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return 'body_too_large';
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE' || code === 'FST_ERR_CTP_EMPTY_TYPE') return 'unsupported_media_type';
  if (typeof code === 'string' && code.startsWith('FST_ERR_CTP_')) return 'malformed_request';
  if (typeof code === 'string' && code === 'FST_ERR_BAD_URL') return 'not_found';
  return null;
}

function codeOfStatus(status: number): ErrorCode {
  if (status === 404) return 'not_found';
  if (status === 405) return 'method_not_allowed';
  if (status === 413) return 'body_too_large';
  if (status === 415) return 'unsupported_media_type';
  if (status === 429) return 'too_many_requests';
  if (status >= 400 && status < 500) return 'malformed_request';
  return 'internal';
}
