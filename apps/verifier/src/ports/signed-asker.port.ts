import type { SignedSet } from '@connect/dns-client';
import type { Question, ServerAnswer } from './name-server-asker.port.js';

/** What an address answered to a question with DO set: the record sets of the answer section with their signatures. */
export type SignedAnswer = { kind: 'answer'; rcode: string; authoritative: boolean; sets: SignedSet[] } | Extract<ServerAnswer, { kind: 'silence' }>;

/** As {@link NameServerAsker}, for who checks signatures. */
export interface SignedAsker {
  askSigned(address: string, question: Question, signal: AbortSignal): Promise<SignedAnswer>;
}
