import { createHash, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ConnectError, type Secret } from '@connect/domain';

export const OPERATOR_KEY = Symbol('OPERATOR_KEY');

/** The inner port's door: the operator's key as bearer. */
@Injectable()
export class OperatorGuard implements CanActivate {
  constructor(@Inject(OPERATOR_KEY) private readonly operatorKey: Secret<string>) {}

  canActivate(context: ExecutionContext): boolean {
    const header = context.switchToHttp().getRequest<FastifyRequest>().headers.authorization;
    const given = /^Bearer\s+(\S+)$/i.exec(header ?? '')?.[1] ?? '';
    const matches = this.operatorKey.open((key) => timingSafeEqual(digest(given), digest(key)));
    if (!matches) throw new ConnectError('unauthenticated');
    return true;
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
