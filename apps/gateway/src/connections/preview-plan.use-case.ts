import { Injectable } from '@nestjs/common';
import { previewPlan } from '@connect/contracts';
import { ConnectError, newId } from '@connect/domain';
import type { Sql } from '@connect/storage';
import type { Sight } from '../ports/caller.js';
import { ConnectionStore } from '../ports/connection-store.port.js';
import { ChangeConnection } from './change-connection.js';
import type { Cause, ConnectionLife } from './connection-life.js';

/** Asks what would be written now. Takes no turn, writes nothing; the plan comes as a fact and is valid for an hour. */
@Injectable()
export class PreviewPlan {
  constructor(private readonly changes: ChangeConnection, private readonly connections: ConnectionStore) {}

  /** Errors: `not_found`, `connection_archived`, `credential_missing`. */
  async run(tx: Sql, sight: Sight, id: string, cause: Cause): Promise<{ life: ConnectionLife; planId: string }> {
    const planId = newId('plan');
    const life = await this.changes.run(tx, sight, id, cause, async (changed) => {
      const { application_id, hostname, provider, credential_id, zone, record_sets, conflict_policy, generation } = changed.connection;
      if (changed.state === 'archived' || changed.state === 'removing') throw new ConnectError('connection_archived');
      if (provider === null || credential_id === null) throw new ConnectError('credential_missing');
      await this.connections.storePlan(tx, changed.connection, { id: planId, generation, status: 'pending', projection: null, refusal: null });
      changed.send(previewPlan, { application_id, hostname, provider, credential_id, zone, record_sets, conflict_policy, lane: 'interactive', plan_id: planId });
    });
    return { life, planId };
  }
}
