import type { DataOf, verdictReached, VerdictProjection } from '@connect/contracts';
import { byWeight, mayMove, reasonOf, type ConnectionState } from '@connect/domain';
import type { ConnectionLife } from '../connection-life.js';
import { endConnection } from './connection-removed.decision.js';

type Reached = DataOf<typeof verdictReached>;

/** What the name servers show. Verdicts may overtake each other: the newest observation counts. */
export function onVerdictReached(life: ConnectionLife, reached: Reached): void {
  const known = life.connection.verdict;
  if (known !== null && known.as_of > reached.projection.as_of) return;
  life.set({ verdict: reached.projection });
  if (reached.expectation === 'absent') return onAbsence(life, reached);
  switch (reached.projection.verdict) {
    case 'published':
      onPublished(life);
      break;
    case 'partial':
    case 'absent':
    case 'conflicting':
      onDifference(life, reached);
      break;
    case 'unknown':
      break;
  }
  if (reached.projection.visible_at_resolvers === true && known?.visible_at_resolvers !== true && ['live', 'propagating'].includes(life.state)) life.tell('visible');
}

function onAbsence(life: ConnectionLife, { projection, next_check_at }: Reached): void {
  if (life.state !== 'removing') return;
  if (projection.verdict === 'absent') return endConnection(life);
  life.note(reasonOf('removing_records', { detail: inWords(projection), next_check_at }));
}

const seenFrom: readonly ConnectionState[] = ['awaiting_customer', 'propagating', 'drifted', 'stalled', 'failed'];

function onPublished(life: ConnectionLife): void {
  if (!seenFrom.includes(life.state)) return;
  if (!mayMove(life.state, 'live')) life.move('propagating', reasonOf('waiting_for_publication'));
  life.move('live', null);
  life.set({ awaited: 'watch' });
  // Published expected values are the proof where we could not write ourselves.
  life.claim('hold');
  life.claim('prove');
}

function onDifference(life: ConnectionLife, { projection, next_check_at }: Reached): void {
  const reason = reasonOf(projection.verdict === 'absent' ? 'records_absent' : 'records_differ', { detail: inWords(projection), next_check_at });
  if (life.state === 'live') return life.move('drifted', reason);
  if (life.state === 'drifted') return life.note(reason);
  if (life.state === 'awaiting_customer' && life.connection.setup !== 'automatic' && projection.codes.includes('expected_value')) {
    return life.move('propagating', reasonOf('waiting_for_publication', { detail: inWords(projection), next_check_at }));
  }
  if (life.state === 'propagating') life.note(reasonOf('waiting_for_publication', { detail: inWords(projection), next_check_at }));
}

/** The codes, and where the weightiest of them was seen; `explain` tells all. */
function inWords({ verdict, codes, findings }: VerdictProjection): string {
  const first = byWeight(codes).map((code) => findings.find((finding) => finding.code === code)).find((finding) => finding !== undefined);
  return `${verdict}: ${codes.join(', ')}${first === undefined ? '' : `; ${first.detail}`}`;
}
