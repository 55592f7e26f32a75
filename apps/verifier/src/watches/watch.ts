import type { RecordSet, Verdict } from '@connect/domain';
import type { Silences } from '../check/conclude.js';

/** What is watched for one connection. Instants are UTC. */
export type Watch = {
  connectionId: string;
  tenantId: string;
  generation: number;
  causationId: string;
  expectation: 'present' | 'absent';
  recordSets: RecordSet[];
  /** Looks are dense from here on for ten minutes; null: never. */
  denseSince: Date | null;
  /** What was told last, except that `unknown` does not replace `published`; null: nothing yet. */
  verdict: Verdict | null;
  /** A departure from `published` that waits for its second look. */
  isDoubted: boolean;
  visibleAtResolvers: boolean | null;
  /** What was told to stand beside the verdict, as keys; null: nothing has been told since the watch was asked for. */
  told: string[] | null;
  silences: Silences;
};
