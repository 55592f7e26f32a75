import { isConnectError, type ErrorCode } from '@connect/domain';
import type { KnownZones } from '../ports/known-zones.port.js';
import type { ErrandStore, LocatedZone } from '../ports/zone-work-store.port.js';
import type { ProviderSession, ProviderSessions } from '../zone-turn/provider-sessions.js';
import type { Trouble } from '../zone-turn/trouble.js';
import type { WorkEnds } from '../zone-work/work-ends.js';
import { accountOf, type ZoneWork } from '../zone-work/zone-work.js';
import { locate, servedBy } from './locate.js';

/** Refusals that concern one hostname; every other one would meet the next search as well. */
const ofOneHostname: readonly ErrorCode[] = ['zone_not_found', 'zone_ambiguous', 'zone_not_writable'];
type Searching = ZoneWork<'apply' | 'undo'>;
type Found = { zone: LocatedZone; asked: string | null };

/** Finds the zones of works of one credential, with as few questions as there are zones; then each waits for its zone's turn. */
export class FindZone {
  constructor(
    private readonly sessions: ProviderSessions,
    private readonly errands: ErrandStore,
    private readonly zones: KnownZones,
    private readonly ends: WorkEnds,
    private readonly trouble: Trouble,
  ) {}

  async run(works: readonly Searching[], remainingMs: () => number): Promise<void> {
    const [first] = works;
    const account = first === undefined ? null : accountOf(first);
    if (first === undefined || account === null) return;
    const waiting = [...works];
    try {
      const connections = works.map(({ connectionId }) => connectionId);
      const session = await this.sessions.open(account, { purpose: 'find_zone', zone: null, fence: null, connections, lane: first.lane, remainingMs });
      const found: Found[] = [];
      for (const work of works) {
        await this.findOne(session, work, found);
        waiting.shift();
      }
    } catch (error) {
      await this.trouble.meets(waiting, error);
    }
  }

  private async findOne(session: ProviderSession, work: Searching, found: Found[]): Promise<void> {
    try {
      const zone = (work.doubted ? null : servedBy(found, work.data)) ?? (await locate(session, work.data));
      found.push({ zone, asked: work.data.zone });
      await this.ends.within(async (tx) => {
        await this.zones.remember(tx, work.data.credential_id, zone, work.data.zone);
        await this.errands.located(tx, work, zone);
      });
    } catch (error) {
      if (!isConnectError(error) || !ofOneHostname.includes(error.code)) throw error;
      await this.trouble.meets([work], error);
    }
  }
}
