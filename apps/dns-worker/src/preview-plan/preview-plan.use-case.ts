import { recordSetFromWire } from '@connect/contracts';
import { ConnectError, ownerName } from '@connect/domain';
import { knownZone, locate } from '../find-zone/locate.js';
import { lookedAt } from '../plan/delegation.js';
import { isSafe } from '../plan/is-allowed.js';
import { planFor } from '../plan/plan-for.js';
import { projectPlan } from '../plan/project-plan.js';
import { ZoneState } from '../plan/zone-state.js';
import type { KnownZones } from '../ports/known-zones.port.js';
import type { LedgerStore, Plans } from '../ports/records.port.js';
import { readingOf } from '../zone-turn/footprint.js';
import type { ProviderSession, ProviderSessions } from '../zone-turn/provider-sessions.js';
import type { Trouble } from '../zone-turn/trouble.js';
import type { WorkEnds } from '../zone-work/work-ends.js';
import { factsOf } from '../zone-work/work-facts.js';
import { accountOf, type ZoneWork } from '../zone-work/zone-work.js';

/** Plans as for a write, without a turn, and writes nothing. */
export class PreviewPlan {
  constructor(
    private readonly sessions: ProviderSessions,
    private readonly records: { zones: KnownZones; ledger: LedgerStore; plans: Plans },
    private readonly ends: WorkEnds,
    private readonly trouble: Trouble,
  ) {}

  async run(work: ZoneWork<'preview'>, remainingMs: () => number): Promise<void> {
    const account = accountOf(work);
    if (account === null) return;
    try {
      const session = await this.sessions.open(account, { purpose: 'plan', zone: null, fence: null, connections: [work.connectionId], lane: work.lane, remainingMs });
      await this.plan(session, work);
    } catch (error) {
      await this.trouble.meets([work], error);
    }
  }

  private async plan(session: ProviderSession, work: ZoneWork<'preview'>): Promise<void> {
    const located = (await knownZone(this.records.zones, work.data.credential_id, work.data)) ?? (await locate(session, work.data));
    const zone = { id: located.zoneId, apex: ownerName(located.apex) };
    const recordSets = work.data.record_sets.map(recordSetFromWire);
    const names = lookedAt([...recordSets.map((set) => set.ownerName), ...(await this.records.ledger.namesOf(located.zoneKey, [work.connectionId]))], zone.apex);
    const reading = await session.adapter.getRecordSets(zone, readingOf(names, session.descriptor), session.signal);
    const ledger = await this.records.ledger.load(located.zoneKey, names, [work.connectionId]);
    const plan = planFor(
      { kind: 'apply', wishes: { recordSets, policy: work.data.conflict_policy } },
      { connectionId: work.connectionId, apex: zone.apex, state: ZoneState.of(reading.recordSets), ledger, capabilities: session.capabilities, recordSetCount: reading.recordSetCount },
    );
    if (plan.delegatedAt !== null) throw new ConnectError('zone_not_found', { detail: `the name is delegated at ${plan.delegatedAt} to other name servers` });
    if (plan.refusal !== null) throw new ConnectError(plan.refusal.code, { detail: plan.refusal.detail });
    await this.ends.end(work, 'done', async (tx, now) => {
      const projection = projectPlan(plan, { id: work.data.plan_id, zone, safe: isSafe(plan, work.data.conflict_policy), madeAt: now });
      await this.records.plans.keep(tx, work, { plan, projection });
      return [factsOf(work, this.ends.clock).planned(projection, 'preview')];
    });
  }
}
