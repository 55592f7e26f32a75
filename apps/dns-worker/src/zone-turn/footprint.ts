import type { ProviderDescriptor } from '@connect/adapters/spi';
import type { OwnerName } from '@connect/domain';
import { lookedAt } from '../plan/delegation.js';
import type { LedgerStore } from '../ports/records.port.js';
import type { ZoneTurn } from '../ports/zone-turns.port.js';
import type { Underway, ZoneTask } from './zone-task.js';

/** Which names a group's plans rest on: those wanted, those owned, those written and not yet proven, and all between them and the apex. */
export class Footprint {
  constructor(private readonly ledger: LedgerStore) {}

  async namesOf(turn: ZoneTurn, { tasks, open }: Underway): Promise<OwnerName[]> {
    const owned = await this.ledger.namesOf(turn.zoneKey, tasks.map(({ work }) => work.connectionId));
    const begun = open.flatMap(({ kept }) => kept.plan.changes.map(({ ownerName }) => ownerName));
    return lookedAt([...tasks.flatMap(wantedNames), ...owned, ...begun], turn.zone.apex);
  }
}

/** Where the API gives the whole zone anyway, all of it is looked at. */
export function readingOf(names: readonly OwnerName[], { partialRead }: Pick<ProviderDescriptor, 'partialRead'>): readonly OwnerName[] | 'all' {
  return partialRead ? names : 'all';
}

export function wantedNames({ intention }: Pick<ZoneTask, 'intention'>): OwnerName[] {
  switch (intention.kind) {
    case 'apply':
      return intention.wishes.recordSets.map(({ ownerName }) => ownerName);
    case 'undo':
      return intention.written.changes.map(({ ownerName }) => ownerName);
    case 'remove':
      return [];
  }
}
