import { describe, expect, it } from '@jest/globals';
import { newId, ownerName, systemClock } from '@connect/domain';
import type { Sql } from '@connect/storage';
import { emptyPlan } from '../plan/plan-apply.js';
import { set } from '../plan/plan.fake.js';
import { ZoneState } from '../plan/zone-state.js';
import type { LedgerStore, WriteIntent, WriteIntents } from '../ports/records.port.js';
import type { ZoneTurn } from '../ports/zone-turns.port.js';
import type { ZoneWorkStore } from '../ports/zone-work-store.port.js';
import { WorkEnds } from '../zone-work/work-ends.js';
import { Recovery } from './recovery.js';
import type { Settling } from './settling.js';

const wanted = set('shop', 'A', '192.0.2.1');
const turn = { zoneKey: 'zone', zone: { id: 'zone', apex: ownerName('example.com') } } as ZoneTurn;
const intent = {
  id: 'intent', work: { id: 'work', connectionId: newId('connection'), attempts: 1 }, absentLooks: 1, mayBeLookedAt: true, waitMs: 0,
  kept: { plan: { ...emptyPlan('apply', ZoneState.of([]), []), changes: [{ ownerName: wanted.ownerName, type: 'A', before: null, after: wanted }] } },
} as unknown as WriteIntent;

/** A look that finds nothing of the write for the last time; `isOpen`: whether nobody closed its intent since it was read. */
async function lookedFor({ isOpen }: { isOpen: boolean }): Promise<string[]> {
  const done: string[] = [];
  const intents = { close: () => { done.push('closed'); return Promise.resolve(isOpen); } } as unknown as WriteIntents;
  const ledger = { apply: () => { done.push('ledger'); return Promise.resolve(); } } as unknown as LedgerStore;
  const ends = new WorkEnds({ run: (effect) => effect({} as Sql, new Date(0)) }, {} as ZoneWorkStore, { add: () => Promise.resolve() }, systemClock);
  const { open } = await new Recovery(intents, ledger, {} as Settling, ends, () => 1).look(turn, { tasks: [], open: [intent] }, ZoneState.of([]), { settleTimeMs: 0 });
  expect(open).toEqual([]);
  return done;
}

describe('a write that two looks did not find', () => {
  it('is closed, and what arrived of it is ours', async () => {
    expect(await lookedFor({ isOpen: true })).toEqual(['closed', 'ledger']);
  });

  it('changes nothing where another one closed it while this worker hung', async () => {
    expect(await lookedFor({ isOpen: false })).toEqual(['closed']);
  });
});
