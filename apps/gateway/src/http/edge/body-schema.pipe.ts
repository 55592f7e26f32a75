import { StandardSchemaValidationPipe } from '@nestjs/common';
import { ConnectError } from '@connect/domain';

const mostFindings = 50;

/** Nest's own schema pipe with our problem document. Findings name paths and what was expected, never what was sent. */
export function schemaPipe(): StandardSchemaValidationPipe {
  return new StandardSchemaValidationPipe({
    exceptionFactory: (issues) => new ConnectError('malformed_request', { errors: issues.slice(0, mostFindings).map((issue) => ({ path: pathOf(issue.path), message: issue.message })) }),
  });
}

function pathOf(path: readonly unknown[] | undefined): string {
  return (path ?? []).map((segment) => String(typeof segment === 'object' && segment !== null && 'key' in segment ? segment.key : segment)).join('.');
}
