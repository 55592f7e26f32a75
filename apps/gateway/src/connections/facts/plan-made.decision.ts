import type { DataOf, planMade } from '@connect/contracts';
import { reasonOf } from '@connect/domain';
import { awaitStep } from '../await-step.js';
import type { ConnectionLife } from '../connection-life.js';

/** What a plan of the running generation does to the connection. Plans may overtake each other: an older one than the one known changes nothing. */
export function onPlanMade(life: ConnectionLife, { plan, next }: DataOf<typeof planMade>): void {
  const { plan_made_at: known, state } = life.connection;
  const madeAt = new Date(plan.made_at);
  if (next === 'preview' || (known !== null && madeAt < known)) return;
  life.set({ plan_id: plan.id, plan_made_at: madeAt });

  switch (next) {
    case 'writing':
      if (state === 'planning') life.move('writing', reasonOf('writing_records'));
      return;
    case 'awaiting_approval':
      return askForApproval(life);
    case 'empty':
      if (state !== 'planning' && state !== 'writing') return;
      life.move('propagating', reasonOf('waiting_for_publication'));
      awaitStep(life, 'watch', { dense: true });
  }
}

function askForApproval(life: ConnectionLife): void {
  // What the plan rested on moved after it was approved or begun: it is planned again, and asked again.
  if (life.state === 'writing') life.move('planning', reasonOf('planning_change'));
  if (life.state !== 'planning') return;
  life.move('awaiting_approval', reasonOf('approval_needed'));
  life.set({ awaited: null });
  life.claim('let_down');
}
