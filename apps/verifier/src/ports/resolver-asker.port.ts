import type { ObservationCode, RecordSet } from '@connect/domain';
import type { AnswerRecord } from './name-server-asker.port.js';

/** What one recursive resolver showed for one record set. `secondsLeft`: how long it keeps what it showed; null where its answer does not tell. */
export type ResolverSight = { resolver: string; recordSet: RecordSet; code: ObservationCode; rcode: string; answers: AnswerRecord[]; secondsLeft: number | null };

/** Recursive resolvers as customers use them, each asked for each record set. Empty: none is set, so nothing can be said. Never throws. */
export interface ResolverAsker {
  show(recordSets: readonly RecordSet[], signal: AbortSignal): Promise<ResolverSight[]>;
}
