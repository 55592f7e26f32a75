import { newId, ownerName, recordSetKey, type OwnerName, type RecordSet } from '@connect/domain';
import type { Connection, Gateway } from './gateway.js';
import type { Place } from './places.js';
import type { Scheduler } from './scheduler.js';
import type { Seeded } from './seeded.js';
import { wishesOf } from './zone-soup.js';

type Kind = 'apply' | 'remove' | 'keep' | 'undo' | 'approve' | 'retry' | 'redeliver';
export type IntentParts = { random: Seeded; scheduler: Scheduler; gateway: Gateway; place: Place; startedAt: number; inDatabase<T>(call: () => Promise<T>): Promise<T>; trace(line: string): void };

/** What two tenants want, and when. */
export class Intents {
  constructor(private readonly parts: IntentParts) {}

  /** Random connections of both, their intents at instants of the first `withinMs`, some of them all at once. */
  begin(withinMs: number): void {
    const { random, gateway, startedAt, trace } = this.parts;
    const tenants = [tenant(), tenant()];
    for (let count = random.int(2, 6); count > 0; count--) {
      const connection = gateway.connection(random.pick(tenants), this.hostname(), random.weighted({ upsert: 6, replace_conflicting: 2, create_only: 1 }));
      const instants = Array.from({ length: random.int(1, 4) }, () => random.pick([0, 0, random.int(0, 2_000), random.int(0, withinMs)])).sort((a, b) => a - b);
      this.follow(connection, instants.map((instant) => startedAt + instant));
      trace(`${instants[0] ?? 0} ${connection.id} of ${connection.tenantId} at ${connection.hostname}, ${connection.policy}`);
    }
  }

  /** Says one after the other what is to be done with these connections now. */
  then(what: string, connections: readonly Connection[], act: (connection: Connection) => Promise<void>): void {
    const { scheduler } = this.parts;
    scheduler.spawn(what, async (task) => {
      for (const connection of connections) await scheduler.step(task, what, () => this.intend(what, connection, () => act(connection)));
    });
  }

  private follow(connection: Connection, instants: readonly number[]): void {
    const { random, scheduler } = this.parts;
    scheduler.spawn(`gateway of ${connection.id}`, async (task) => {
      for (const [at, instant] of instants.entries()) {
        await scheduler.wait(task, instant, 'gateway');
        const kind = at === 0 ? 'apply' : random.weighted<Kind>({ apply: 4, remove: 3, keep: 0.5, undo: 2, approve: 3, retry: 1, redeliver: 1.5 });
        await scheduler.step(task, `gateway ${kind}`, () => this.intend(kind, connection, () => this.send(kind, connection)));
      }
    });
  }

  private async send(kind: Kind, connection: Connection): Promise<void> {
    const { gateway } = this.parts;
    switch (kind) {
      case 'apply': return gateway.apply(connection, this.wishes());
      case 'remove': return gateway.remove(connection, false);
      case 'keep': return gateway.remove(connection, true);
      case 'undo': return gateway.undo(connection);
      case 'approve': return void (await gateway.approve(connection));
      case 'retry': return gateway.retry(connection);
      case 'redeliver': return gateway.redeliver(connection);
    }
  }

  private async intend(what: string, connection: Connection, act: () => Promise<void>): Promise<void> {
    const { scheduler, inDatabase, trace } = this.parts;
    trace(`${what} ${connection.id}`);
    await inDatabase(act);
    scheduler.tell();
  }

  private hostname(): OwnerName {
    const { random, place } = this.parts;
    return ownerName(`${random.pick(['www', 'shop', 'mail'])}.${place.apex}`);
  }

  private wishes(): RecordSet[] {
    const { random, place, trace } = this.parts;
    const wishes = wishesOf(random, place.apex);
    trace(`  wishes ${wishes.map((set) => `${recordSetKey(set)} ${set.ttlSeconds} [${set.values.join(' | ')}]`).join('; ')}`);
    return wishes;
  }
}

function tenant(): { tenantId: string; applicationId: string; credentialId: string } {
  return { tenantId: newId('tenant'), applicationId: newId('application'), credentialId: newId('credential') };
}
