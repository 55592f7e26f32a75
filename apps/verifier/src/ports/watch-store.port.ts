import type { Verdict } from '@connect/domain';
import type { Message } from '@connect/contracts';
import type { Silences } from '../check/conclude.js';
import type { Watch } from '../watches/watch.js';

export type NewWatch = Pick<Watch, 'connectionId' | 'tenantId' | 'generation' | 'causationId' | 'expectation' | 'recordSets'> & { isDense: boolean };

/** What one look changes. `message`: told in the same transaction. */
export type LookResult = { verdict: Verdict | null; isDoubted: boolean; visibleAtResolvers: boolean | null; silences: Silences; told: string[] | null; evidence: unknown; nextLookInMs: number; message: Message | null };

export type ClaimedWatch = Watch & { claim: string; lookedForMs: number };

/** The due queue: Postgres' clock decides what is due, so that all replicas agree. */
export interface WatchStore {
  /** Replaces the connection's watch unless a newer generation stands; the same watch again keeps what is known. In one transaction with the message's inbox row. */
  start(messageId: string, watch: NewWatch): Promise<void>;
  /** Ends the connection's watch unless a newer generation stands. */
  end(messageId: string, connectionId: string, tenantId: string, generation: number): Promise<void>;
  /** Takes up to `limit` due watches for 30 s; a watch whose taker died comes back after that. */
  claimDue(limit: number): Promise<ClaimedWatch[]>;
  /** Milliseconds until the next watch is due; null: none. */
  nextDueInMs(): Promise<number | null>;
  /** Writes the look down if the claim still holds; false: a newer command came in between, and nothing was told. */
  settle(claimed: ClaimedWatch, result: LookResult): Promise<boolean>;
  evidenceOf(tenantId: string, connectionId: string): Promise<{ lookedAt: Date | null; evidence: unknown } | null>;
}
