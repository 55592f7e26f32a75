import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { map, type Observable } from 'rxjs';
import type { KeptAnswer } from '../../ports/idempotency.port.js';

/** An answer whose status or location is decided by the use case, or was kept under an Idempotency-Key. */
export class Answer {
  constructor(readonly kept: KeptAnswer) {}
}

@Injectable()
export class AnswerInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(map((value: unknown) => (value instanceof Answer ? send(value.kept, context.switchToHttp().getResponse<FastifyReply>()) : value)));
  }
}

function send({ status, body, location }: KeptAnswer, reply: FastifyReply): unknown {
  void reply.status(status);
  if (location !== undefined) void reply.header('location', location);
  return body;
}
