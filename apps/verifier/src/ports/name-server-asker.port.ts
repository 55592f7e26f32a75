import type { OwnerName, RecordType, RecordValue } from '@connect/domain';

export type Question = { ownerName: OwnerName; type: RecordType };
export type AnswerRecord = { ownerName: OwnerName; type: RecordType; ttlSeconds: number; value: RecordValue };

/** What one address answered to one question, or that it did not. `rcode` by its RFC name. */
export type ServerAnswer =
  | { kind: 'answer'; rcode: string; authoritative: boolean; answers: AnswerRecord[]; authorities: AnswerRecord[]; additionals: AnswerRecord[]; transport: 'udp' | 'tcp'; elapsedMs: number }
  | { kind: 'silence'; why: 'timeout' | 'unreachable' | 'malformed' | 'denied'; elapsedMs: number };

/** Asks one address of a name server: non-recursive, UDP then TCP, 2 s at most. Never throws; an abort is a silence. */
export interface NameServerAsker {
  ask(address: string, question: Question, signal: AbortSignal): Promise<ServerAnswer>;
}
