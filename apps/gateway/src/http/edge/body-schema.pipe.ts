import { StandardSchemaValidationPipe, type ArgumentMetadata } from '@nestjs/common';
import { ConnectError, unstorableTexts, type Finding } from '@connect/domain';

const mostFindings = 50;

/** Nest's own schema pipe with our problem document. Findings name paths and what was expected, never what was sent. */
export function schemaPipe(): StandardSchemaValidationPipe {
  return new RequestPipe({ exceptionFactory: (issues) => malformed(issues.map((issue) => ({ path: pathOf(issue.path), message: issue.message }))) });
}

/** Also of what has no schema, such as an id in the path, nothing comes in that could not be kept. */
class RequestPipe extends StandardSchemaValidationPipe {
  override async transform<T>(value: T, metadata: ArgumentMetadata): Promise<T> {
    const taken = await super.transform(value, metadata);
    if (metadata.type === 'custom') return taken;
    const findings = unstorableTexts(taken, metadata.data === undefined ? [] : [metadata.data]);
    if (findings.length > 0) throw malformed(findings);
    return taken;
  }
}

function malformed(findings: Finding[]): ConnectError {
  return new ConnectError('malformed_request', { errors: findings.slice(0, mostFindings) });
}

function pathOf(path: readonly unknown[] | undefined): string {
  return (path ?? []).map((segment) => String(typeof segment === 'object' && segment !== null && 'key' in segment ? segment.key : segment)).join('.');
}
