import { describe, expect, it } from '@jest/globals';
import { newId, systemClock } from '@connect/domain';
import type { Sql } from '@connect/storage';
import type { LedgerStore } from '../ports/records.port.js';
import type { ZoneWorkStore } from '../ports/zone-work-store.port.js';
import { WorkEnds } from '../zone-work/work-ends.js';
import type { ZoneWork } from '../zone-work/zone-work.js';
import { RemoveWithoutZone } from './remove-without-zone.use-case.js';

const work = { id: 'work', kind: 'remove', connectionId: newId('connection'), tenantId: newId('tenant'), generation: 2, causationId: newId('event'), traceparent: null, data: { keep_records: false } } as unknown as ZoneWork<'remove'>;

/** A removal that found nothing owned, and hung before it said so. `newest`: the connection's generation when it goes on. */
async function removed({ newest }: { newest: number }) {
  const done: string[] = [];
  const works = {
    superseded: () => Promise.resolve(new Set(newest > work.generation ? [work.id] : [])),
    settle: (_tx: unknown, _work: unknown, outcome: string) => { done.push(outcome); return Promise.resolve([]); },
    remember: () => Promise.resolve(),
  } as unknown as ZoneWorkStore;
  const ledger = { letGo: () => { done.push('let go'); return Promise.resolve(); } } as unknown as LedgerStore;
  const ends = new WorkEnds({ run: (effect) => effect({} as Sql, new Date(0)) }, works, { add: (_tx, ...facts) => { done.push(...facts.map(({ type }) => type)); return Promise.resolve(); } }, systemClock);
  await new RemoveWithoutZone({ zoneKeyOf: () => Promise.resolve(null), waitFor: () => Promise.resolve() }, ledger, ends).run(work);
  return done;
}

describe('the removal of what was never written', () => {
  it('lets go and is told', async () => {
    expect(await removed({ newest: 2 })).toEqual(['done', 'let go', 'evt.dns.connection-removed']);
  });

  it('lets go of nothing that a newer intent has written in between', async () => {
    expect(await removed({ newest: 3 })).toEqual(['superseded']);
  });
});
