import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Caller } from '../../ports/caller.js';
import type { IdempotentCall } from '../../ports/idempotency.port.js';

/** What a request carries beside its body: who asks, once or again, and how long the caller likes to wait for the outcome. */
export type Asking = { caller: Caller; call: IdempotentCall | null; waitMs: number };
export type AskingRequest = FastifyRequest & { asking?: Asking };

/** Injects the {@link Asking} that the guard has put on the request. */
export const From = createParamDecorator((_: unknown, context: ExecutionContext): Asking | undefined => context.switchToHttp().getRequest<AskingRequest>().asking);
