import { createHmac } from 'node:crypto';
import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply } from 'fastify';
import { ConnectError, type Secret } from '@connect/domain';
import { Authenticate } from '../../keys/authenticate.use-case.js';
import { KEY_SECRET } from '../../keys/create-key.use-case.js';
import type { Caller, Scope } from '../../ports/caller.js';
import type { IdempotentCall } from '../../ports/idempotency.port.js';
import { RateLimits } from '../../rate-limits/rate-limits.js';
import type { AskingRequest } from './asking.js';
import { scopeOf } from './endpoint.decorator.js';

const longestWaitSeconds = 30;

/** The door: a valid key with the scope that the endpoint names, and not too often. */
@Injectable()
export class ApiKeyGuard implements CanActivate {
  constructor(private readonly reflector: Reflector, private readonly authenticate: Authenticate, private readonly limits: RateLimits, @Inject(KEY_SECRET) private readonly keySecret: Secret<string>) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<AskingRequest>();
    const caller = await this.authenticate.run(request.headers.authorization, request.ip);
    this.limits.countKey(caller.keyId, (headers) => void context.switchToHttp().getResponse<FastifyReply>().headers(headers));
    const scope = this.reflector.get<Scope | 'any'>(scopeOf, context.getHandler());
    if (scope !== 'any' && !caller.scopes.includes(scope)) throw new ConnectError('forbidden_scope', { detail: `the scope ${scope} is needed` });
    request.asking = { caller, call: this.callOf(request, caller), waitMs: waitOf(request.headers.prefer) };
    return true;
  }

  private callOf(request: AskingRequest, caller: Caller): IdempotentCall | null {
    const key = request.headers['idempotency-key'];
    if (request.method !== 'POST' || key === undefined) return null;
    if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key)) throw new ConnectError('malformed_request', { errors: [{ path: 'Idempotency-Key', message: '1 to 255 visible ASCII characters' }] });
    const text = `idempotency ${request.method} ${request.url} ${JSON.stringify(request.body ?? null)}`;
    return { owner: caller.keyId, key, requestHmac: this.keySecret.open((secret) => createHmac('sha256', secret).update(text).digest()) };
  }
}

/** `Prefer: wait=N` (RFC 7240 4.3), in seconds; anything else is a preference that is not known and may be left aside. */
export function waitOf(prefer: string | string[] | undefined): number {
  const seconds = /(?:^|[,;\s])wait=(\d{1,4})/.exec(Array.isArray(prefer) ? prefer.join(',') : (prefer ?? ''))?.[1];
  return seconds === undefined ? 0 : Math.min(Number(seconds), longestWaitSeconds) * 1000;
}
