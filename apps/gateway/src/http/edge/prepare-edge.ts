import type { CanActivate } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyServerOptions } from 'fastify';
import { ConnectError, newUuid } from '@connect/domain';
import type { Logger } from '@connect/observability';
import { AnswerInterceptor } from './answer.js';
import { schemaPipe } from './body-schema.pipe.js';
import { answerUnknownMethods } from './known-methods.js';
import { ProblemFilter } from './problem.filter.js';

const bodyLimitBytes = 262_144;

/** `trustedProxies`: ranges whose `X-Forwarded-For` is believed. */
export function fastifyOptions({ trustedProxies }: { trustedProxies: string[] }): FastifyServerOptions {
  return {
    bodyLimit: bodyLimitBytes,
    requestIdHeader: false,
    genReqId: () => newUuid(),
    // A client that sends half a request must not keep the socket for ever.
    requestTimeout: 30_000,
    routerOptions: { maxParamLength: 200 },
    trustProxy: trustedProxies.length === 0 ? false : trustedProxies,
  };
}

/** What every route has: JSON in, a key, schemas, problem documents. */
export function prepareEdge(app: NestFastifyApplication, log: Logger, guard: CanActivate): void {
  acceptJsonOnly(app);
  answerUnknownMethods(app.getHttpAdapter().getInstance());
  app.useGlobalGuards(guard);
  app.useGlobalPipes(schemaPipe());
  app.useGlobalFilters(new ProblemFilter(log));
  app.useGlobalInterceptors(new AnswerInterceptor());
  const server = app.getHttpAdapter().getInstance();
  server.addHook('onSend', async (request, reply) => {
    reply.header('x-request-id', request.id);
    reply.header('cache-control', reply.getHeader('cache-control') ?? 'no-store');
    reply.header('x-content-type-options', 'nosniff');
  });
}

/** An empty body is no body: several POSTs have nothing to say. Every other content type is 415. */
function acceptJsonOnly(app: NestFastifyApplication): void {
  const server = app.getHttpAdapter().getInstance();
  const parse = server.getDefaultJsonParser('error', 'error');
  server.removeAllContentTypeParsers();
  app.useBodyParser('application/json', { bodyLimit: bodyLimitBytes }, (request, body, done) => {
    if (body.length === 0) return done(null, undefined);
    // Nest keeps only status and text of the server's own errors, so the code is given here.
    return parse(request as Parameters<typeof parse>[0], body.toString('utf8'), (error, value) => done(error === null ? null : new ConnectError('malformed_json'), value));
  });
  // Nest brings a parser for forms along unless there is one.
  app.useBodyParser('application/x-www-form-urlencoded', {}, (_request, _body, done) => done(new ConnectError('unsupported_media_type')));
}
