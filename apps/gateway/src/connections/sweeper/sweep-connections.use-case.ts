import { Injectable } from '@nestjs/common';
import { mayMove, reasonOf, type ConnectionState } from '@connect/domain';
import type { Sql } from '@connect/storage';
import { ClaimStore } from '../../ports/claim-store.port.js';
import { ConnectionStore } from '../../ports/connection-store.port.js';
import { Database } from '../../ports/database.port.js';
import { sendStep } from '../await-step.js';
import { ChangeConnection } from '../change-connection.js';
import { system, type ConnectionLife } from '../connection-life.js';
import type { Connection } from '../connection.js';
import { endProvisionalHold } from '../provisional-hold.js';
import { removeAgain } from '../remove-again.js';

const batch = 100;
const dayMs = 86_400_000;
const parkedAfterMs = 7 * dayMs;
/** How long until the next look when the one before brought nothing. */
const againAfterMs = {
  created: 60_000, planning: 120_000, writing: 120_000, propagating: 600_000, awaiting_customer: dayMs, awaiting_approval: dayMs, live: dayMs, drifted: dayMs, stalled: dayMs, failed: null,
  removing: 3_600_000, archived: null,
} as const satisfies Record<ConnectionState, number | null>;

/**
 * Nothing is lost: what the bus lost is said again. Each connection whose next step is overdue gets the command of its running generation and step once
 * more, under the same business key, so that a worker which did it already only answers again. What stood still for 7 days is parked.
 */
@Injectable()
export class SweepConnections {
  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionStore,
    private readonly claims: ClaimStore,
    private readonly changes: ChangeConnection,
  ) {}

  /** One batch; gives how many connections were looked at. */
  async run(): Promise<number> {
    const lives = await this.database.transaction(async (tx) => {
      const due = (await this.connections.lockDue(tx, batch)).map((row) => this.changes.lifeOf(row, system()));
      due.forEach(driveOn);
      return this.changes.settle(tx, due);
    });
    this.changes.announce(...lives);
    return lives.length;
  }

  /** Claims that nobody proved end; quarantined names are looked at once a day. */
  async sweepClaims(): Promise<void> {
    const lives = await this.database.transaction(async (tx) => {
      await this.claims.releaseUnproven(tx);
      const quarantined = await this.claims.lockQuarantinedToLookAt(tx, batch);
      const changed: ConnectionLife[] = [];
      for (const id of quarantined) changed.push(...(await this.lookAtQuarantined(tx, id)));
      return changed;
    });
    this.changes.announce(...lives);
  }

  private async lookAtQuarantined(tx: Sql, { connectionId, tenantId }: { connectionId: string; tenantId: string }): Promise<ConnectionLife[]> {
    const row = await this.connections.lock(tx, { tenantId, applicationId: null }, connectionId);
    if (row === null) return [];
    const life = this.changes.lifeOf(row, system());
    sendStep(life, 'watch_absent', { dense: false });
    return this.changes.settle(tx, [life]);
  }
}

/** The next step of an overdue connection. */
export function driveOn(life: ConnectionLife): void {
  const connection = life.connection;
  life.expectWithin(againAfterMs[life.state]);
  endProvisionalHold(life);
  if (standsStill(connection, life.now())) return park(life);
  if (connection.state === 'removing' && connection.reason?.code === 'removal_blocked') return removeAgain(life);
  if (connection.awaited !== null) sendStep(life, connection.awaited, { dense: life.state === 'propagating' });
}

function standsStill(connection: Connection, now: Date): boolean {
  return mayMove(connection.state, 'stalled') && now.getTime() - connection.progress_at.getTime() >= parkedAfterMs;
}

function park(life: ConnectionLife): void {
  const before = life.connection.reason;
  life.move('stalled', reasonOf('no_progress', before === null ? {} : { detail: `before: ${before.code}` }));
  life.set({ awaited: 'watch' });
  sendStep(life, 'watch', { dense: false });
}
