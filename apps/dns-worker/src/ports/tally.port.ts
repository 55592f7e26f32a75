/** How a call to a provider ended. `limited`: it was too many; `unavailable`: no answer, or a server error; `unknown`: a write whose answer was lost. */
export type CallOutcome = 'answered' | 'refused' | 'limited' | 'unavailable' | 'unknown' | 'not_sent';

/** Counts what the operator watches. Nothing that a customer chose is in it. */
export interface Tally {
  called(provider: string, call: 'read' | 'write', outcome: CallOutcome, seconds: number): void;
  turned(end: 'ended' | 'broken_off'): void;
  lost(provider: string, isPutBack: boolean): void;
}

export const noTally: Tally = { called: () => undefined, turned: () => undefined, lost: () => undefined };
