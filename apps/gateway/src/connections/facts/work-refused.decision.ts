import type { DataOf, workDelayed, workRefused } from '@connect/contracts';
import { reasonOf, type ErrorCode } from '@connect/domain';
import { awaitStep } from '../await-step.js';
import type { ConnectionLife } from '../connection-life.js';
import { endProvisionalHold } from '../provisional-hold.js';

/** Refusals that a new or corrected credential ends: the connection waits for the customer instead of failing. */
const waitsForCredential: readonly ErrorCode[] = ['credential_missing', 'credential_format', 'rejected_credential', 'missing_permission', 'account_not_eligible', 'address_not_allowed', 'zone_not_found', 'lease_denied', 'not_found'];
const removalRetryMs = 3_600_000;

/** `isMended`: the credential is not what it was when the work was begun, so what the old one was refused for says nothing. */
export function onWorkRefused(life: ConnectionLife, { code, detail, of }: DataOf<typeof workRefused>, isMended = false): void {
  if (code === 'superseded' || of === 'preview') return;
  const said = detail === null ? {} : { detail };
  if (life.state === 'removing') {
    life.note(reasonOf('removal_blocked', { detail: detail === null ? code : `${code}: ${detail}`, next_check_at: after(life, removalRetryMs) }));
    return life.expectWithin(removalRetryMs);
  }
  if (life.state !== 'planning' && life.state !== 'writing') return;
  if (isMended && waitsForCredential.includes(code)) return planAgain(life);

  life.claim('let_down');
  if (!waitsForCredential.includes(code)) {
    life.set({ awaited: null });
    return life.move('failed', reasonOf(code, said));
  }
  life.move('awaiting_customer', reasonOf(code === 'not_found' ? 'credential_missing' : code, said));
  // Somebody may as well set the records by hand: then it goes live by itself.
  awaitStep(life, 'watch');
}

function planAgain(life: ConnectionLife): void {
  life.nextGeneration();
  if (life.state === 'writing') life.move('planning', reasonOf('planning_change'));
  life.note(reasonOf('planning_change'));
  life.set({ progress_at: life.now() });
  awaitStep(life, 'apply');
}

/** The worker tries again by itself; people are told why it takes longer. Not a change of state, so no event. */
export function onWorkDelayed(life: ConnectionLife, { code, detail, next_check_at, of }: DataOf<typeof workDelayed>): void {
  if (of === 'preview' || !['planning', 'writing', 'removing'].includes(life.state)) return;
  life.note(reasonOf(code, { ...(detail === null ? {} : { detail }), next_check_at }));
  endProvisionalHold(life);
  life.expectWithin(Math.max(0, Date.parse(next_check_at) - life.now().getTime()) + 120_000);
}

function after(life: ConnectionLife, ms: number): string {
  return new Date(life.now().getTime() + ms).toISOString();
}

