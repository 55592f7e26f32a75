import { applyDecorators, HttpCode, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { z } from 'zod';
import { errorCatalogue, type ErrorCode } from '@connect/domain';
import type { Scope } from '../../ports/caller.js';
import { ProblemDocument } from '../views/problem.view.js';

export const scopeOf = 'connect:scope';

export type EndpointDescription = {
  summary: string;
  /** `any`: every valid key. */
  scope: Scope | 'any';
  status: number;
  answer?: z.ZodType;
  /** Beside those that every endpoint has. */
  problems?: readonly ErrorCode[];
  /** A POST may carry an Idempotency-Key; a route whose effect is none by nature says no. */
  idempotent?: boolean;
  waits?: boolean;
};

const everywhere: readonly ErrorCode[] = ['unauthenticated', 'forbidden_scope', 'too_many_requests', 'unavailable', 'internal'];
const withIdempotencyKey: readonly ErrorCode[] = ['malformed_json', 'malformed_request', 'body_too_large', 'unsupported_media_type', 'idempotency_key_reused', 'in_progress'];

/** Answers that come with Retry-After. */
const saysWhen: ReadonlySet<number> = new Set([429, 503]);

/** What one route needs and answers, once: for the guard and for the API description at /docs. */
export function Endpoint(description: EndpointDescription): MethodDecorator {
  const { summary, scope, status, answer, problems = [], idempotent = false, waits = false } = description;
  const codes = [...new Set([...everywhere, ...(idempotent ? withIdempotencyKey : []), ...problems])];
  return applyDecorators(
    SetMetadata(scopeOf, scope),
    HttpCode(status),
    ApiBearerAuth(),
    ApiOperation({ summary, description: scope === 'any' ? 'Any valid key.' : `Needs the scope \`${scope}\`.` }),
    ApiResponse({ status, description: 'As asked.', ...(answer === undefined ? {} : { standardSchema: answer }) }),
    ...statusesOf(codes).map(([problemStatus, ofStatus]) => ApiResponse({ status: problemStatus, description: ofStatus.map((code) => `\`${code}\``).join(', '), standardSchema: ProblemDocument, ...(saysWhen.has(problemStatus) ? { headers: { 'Retry-After': { description: 'Seconds.', schema: { type: 'integer' } } } } : {}) })),
    ...(idempotent ? [ApiHeader({ name: 'Idempotency-Key', required: false, description: 'The same key within 24 hours gives the same answer and no second effect.' })] : []),
    ...(waits ? [ApiHeader({ name: 'Prefer', required: false, description: '`wait=N`: answer when the connection needs somebody or is done, after N seconds (at most 30) at the latest.' })] : []),
  );
}

function statusesOf(codes: readonly ErrorCode[]): [number, ErrorCode[]][] {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codes) {
    const { status } = errorCatalogue[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return [...byStatus].sort(([a], [b]) => a - b);
}
