import { Injectable } from '@nestjs/common';
import { ConnectError, reasonOf } from '@connect/domain';
import type { Sql } from '@connect/storage';
import type { Sight } from '../ports/caller.js';
import { ConnectionStore, type StoredPlan } from '../ports/connection-store.port.js';
import { awaitStep } from './await-step.js';
import { ChangeConnection } from './change-connection.js';
import type { Cause, ConnectionLife } from './connection-life.js';
import type { Approval } from './connection.js';
import { startWriting } from './enter-setup.js';

/** Somebody read the consequences and wants the change. The plan named is the one that was read: another one, or an old one, is not approved. */
@Injectable()
export class ApprovePlan {
  constructor(private readonly changes: ChangeConnection, private readonly connections: ConnectionStore) {}

  /** Errors: `not_found`, `conflict` where nothing waits for an approval, `approval_stale` for another plan, another hash or after its hour, `hostname_claimed`. */
  run(tx: Sql, sight: Sight, id: string, approval: Approval, cause: Cause): Promise<ConnectionLife> {
    return this.changes.run(tx, sight, id, cause, async (life) => {
      const plan = await this.waitingPlan(tx, life);
      if (plan?.projection == null || plan.id !== approval.plan_id || plan.projection.hash !== approval.hash) throw new ConnectError('approval_stale');
      if (isOver(plan, life)) throw new ConnectError('approval_stale', { detail: 'the hour of this plan is over; it is being made again' });
      await this.connections.approvePlan(tx, plan.id, cause.by);
      life.nextGeneration();
      life.set({ intent: { ...life.connection.intent, approval }, may_have_written: true });
      life.move('writing', reasonOf('writing_records'));
      life.claim('hold');
      awaitStep(life, 'apply');
    });
  }

  /** After a refused approval: a plan whose hour is over is made again, so that there is something to approve. */
  replanIfOver(tx: Sql, sight: Sight, id: string, cause: Cause): Promise<ConnectionLife> {
    return this.changes.run(tx, sight, id, cause, async (life) => {
      const { provider, credential_id, intent } = life.connection;
      if (life.state !== 'awaiting_approval' || provider === null || credential_id === null) return;
      const plan = await this.waitingPlan(tx, life);
      if (plan !== null && !isOver(plan, life)) return;
      life.nextGeneration();
      life.set({ intent: { ...intent, approval: null } });
      startWriting(life, { provider, credential_id });
    });
  }

  private waitingPlan(tx: Sql, life: ConnectionLife): Promise<StoredPlan | null> {
    if (life.state !== 'awaiting_approval') throw new ConnectError('conflict', { detail: `the connection is ${life.state}` });
    return this.connections.latestPlan(life.connection.id, life.connection.plan_id, tx);
  }
}

function isOver(plan: StoredPlan, life: ConnectionLife): boolean {
  return plan.projection === null || new Date(plan.projection.expires_at) <= life.now();
}
