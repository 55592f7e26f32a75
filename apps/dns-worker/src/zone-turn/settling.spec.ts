import { describe, expect, it } from '@jest/globals';
import { newId, systemClock, type Change } from '@connect/domain';
import type { Sql } from '@connect/storage';
import { emptyPlan } from '../plan/plan-apply.js';
import { set } from '../plan/plan.fake.js';
import { ZoneState } from '../plan/zone-state.js';
import { noCrash } from '../ports/crash-points.port.js';
import type { ZoneTurn, ZoneTurns } from '../ports/zone-turns.port.js';
import type { ZoneWorkStore } from '../ports/zone-work-store.port.js';
import { WorkEnds } from '../zone-work/work-ends.js';
import { nothingLost } from './foreign-losses.js';
import { Settling, type SettlingRecords } from './settling.js';
import type { Intended } from './zone-task.js';

const created = (name: string): Change => ({ ownerName: set(name, 'A', '192.0.2.1').ownerName, type: 'A', before: null, after: set(name, 'A', '192.0.2.1') });
const [written, refused] = [created('shop'), created('www')];
const changes = [written, refused];
const plan = { ...emptyPlan('apply', ZoneState.of([]), []), changes };
const work = { id: 'work', kind: 'apply', connectionId: newId('connection'), tenantId: newId('tenant'), generation: 1, causationId: newId('event'), traceparent: null, attempts: 3, data: {} };

/** A write of which the provider refused one set, for now. `isOpen`: whether nobody closed its intent, and ended its work, while this worker hung. */
async function settled({ isOpen }: { isOpen: boolean }): Promise<string[]> {
  const done: string[] = [];
  const note = (what: string) => (): Promise<void> => { done.push(what); return Promise.resolve(); };
  const works = { postpone: () => Promise.resolve(isOpen) } as unknown as ZoneWorkStore;
  const ends = new WorkEnds({ run: (effect) => effect({} as Sql, new Date(0)) }, works, { add: (_tx, ...facts) => { done.push(...facts.map(({ type }) => type)); return Promise.resolve(); } }, systemClock);
  const records = { intents: { close: () => Promise.resolve(isOpen) }, ledger: { apply: note('ledger') }, receipts: { keep: note('receipt') } } as unknown as SettlingRecords;
  const intended = [{ task: { work }, plan, projection: { id: newId('plan'), zone: { id: 'zone', apex: 'example.com' } }, intentId: 'intent' }] as unknown as Intended[];
  const outcomes = [
    { change: written, status: 'applied' as const, code: null, detail: null },
    { change: refused, status: 'refused' as const, code: 'rate_limited' as const, detail: null },
  ];
  await new Settling(records, {} as ZoneTurns, ends, () => 1, noCrash).settle({ zoneKey: 'zone' } as ZoneTurn, { intended, changes, look: null }, { outcomes, readBack: null, restored: nothingLost }, 0);
  return done;
}

describe('a write that was refused in part', () => {
  it('keeps what was written, and says that the rest takes longer', async () => {
    expect(await settled({ isOpen: true })).toEqual(['ledger', 'receipt', 'evt.dns.work-delayed']);
  });

  it('changes nothing, and says nothing, where another one closed it while this worker hung', async () => {
    expect(await settled({ isOpen: false })).toEqual([]);
  });
});
