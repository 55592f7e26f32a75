import type { RecordSet } from '@connect/domain';

/** Recursive resolvers as customers use them. `null`: none is set, so nothing can be said. */
export interface ResolverAsker {
  show(recordSets: readonly RecordSet[], signal: AbortSignal): Promise<boolean | null>;
}
