import { describe, expect, it } from '@jest/globals';
import { newId, systemClock } from '@connect/domain';
import type { Sql } from '@connect/storage';
import type { ZoneTurn } from '../ports/zone-turns.port.js';
import type { ZoneWorkStore } from '../ports/zone-work-store.port.js';
import { WorkEnds } from '../zone-work/work-ends.js';
import type { ZoneWork } from '../zone-work/zone-work.js';
import { Admission } from './admission.js';

const work = { id: 'work', kind: 'remove', connectionId: newId('connection'), tenantId: newId('tenant'), generation: 2, causationId: newId('event'), traceparent: null, data: { keep_records: true } } as unknown as ZoneWork<'remove'>;

/** "Keep the records", admitted by a worker that hangs before it lets go. `isOvertaken`: by a newer intent, which has written meanwhile. */
async function letGo({ isOvertaken }: { isOvertaken: boolean }): Promise<string[]> {
  const done: string[] = [];
  const works = {
    superseded: (tx: Sql | null) => Promise.resolve(new Set(tx !== null && isOvertaken ? [work.id] : [])),
    settle: (_tx: Sql, _work: unknown, outcome: string) => { done.push(outcome); return Promise.resolve([]); },
    remember: () => Promise.resolve(),
  } as unknown as ZoneWorkStore;
  const ends = new WorkEnds({ run: (effect) => effect({} as Sql, new Date(0)) }, works, { add: () => Promise.resolve() }, systemClock);
  const records = { intents: { open: () => Promise.resolve([]), letGo: () => { done.push('doubt passed on'); return Promise.resolve(); } }, ledger: { owning: () => Promise.resolve(new Set([work.connectionId])), letGo: () => { done.push('let go'); return Promise.resolve(); } } } as unknown as ConstructorParameters<typeof Admission>[1];
  const admission = new Admission({ frozen: () => Promise.resolve(new Set()) } as unknown as ConstructorParameters<typeof Admission>[0], records, ends);
  const { tasks } = await admission.admit({ zoneKey: 'zone', provider: 'fake' } as ZoneTurn, { account: null, works: [work] });
  expect(tasks).toEqual([]);
  return done;
}

describe('"keep the records"', () => {
  it('lets go', async () => {
    expect(await letGo({ isOvertaken: false })).toEqual(['done', 'doubt passed on', 'let go']);
  });

  it('lets go of nothing that a newer intent wrote while the worker hung', async () => {
    expect(await letGo({ isOvertaken: true })).toEqual(['superseded']);
  });
});
