import type { ProviderCircuit } from '@connect/contracts';
import type { ErrorCode } from '@connect/domain';

/** Where calls go: a provider, or the servers that a credential names. */
export type CircuitPlace = { key: string; provider: string };
export type OpenCircuit = { key: string; state: 'open' | 'half_open'; /** Until a probe may be sent; 0: now. */ probeInMs: number };

/** Circuit breakers, shared by all workers through the database. */
export interface Circuits {
  /** Those that are not closed. */
  open(): Promise<OpenCircuit[]>;
  /** For people: one for each provider that is one place and has been open at least once. */
  list(): Promise<ProviderCircuit[]>;
  /** Nothing is sent for a while, after a failed probe for longer. An open circuit stays as it is. */
  trip(place: CircuitPlace, code: ErrorCode): Promise<void>;
  /** True for one caller: it may send one call to see whether the place is well again. Who never says what came of it is forgotten after `withinMs`. */
  probe(place: CircuitPlace, withinMs: number): Promise<boolean>;
  close(place: CircuitPlace): Promise<void>;
}
