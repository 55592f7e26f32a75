import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { recordSetKey, valueKey, type RecordSet } from '@connect/domain';
import { holdsFor, isSafe } from './is-allowed.js';
import { Ledger, ledgerValuesOf } from './ledger.js';
import { given, me, ownedBy, set } from './plan.fake.js';
import { planApply, type PlanInput } from './plan-apply.js';
import { planRemove } from './plan-remove.js';
import { planUndo } from './plan-undo.js';
import type { Plan } from './plan.js';
import { canonicalJson, planHash } from './project-plan.js';
import { ZoneState } from './zone-state.js';

const name = fc.constantFrom('@', 'shop', 'www', '_dmarc');
const values = {
  A: fc.constantFrom('192.0.2.1', '192.0.2.2', '198.51.100.7'),
  AAAA: fc.constantFrom('2001:db8::1', '2001:db8::2'),
  CNAME: fc.constantFrom('edge.saas.example.', 'old.example.net.'),
  MX: fc.constantFrom('10 mx1.example.net.', '20 mx2.example.net.'),
  TXT: fc.constantFrom('note', 'another', 'v=spf1 mx ~all', 'v=spf1 include:saas.example -all', 'v=DMARC1; p=none'),
  CAA: fc.constantFrom('0 issue "a.example"', '0 issue "b.example"'),
} as const;
const anySet = fc.constantFrom(...(Object.keys(values) as (keyof typeof values)[])).chain((type) => fc
  .tuple(name, fc.uniqueArray(values[type], { minLength: 1, maxLength: type === 'CNAME' ? 1 : 2 }), fc.constantFrom(300, 3600))
  .map(([at, texts, ttlSeconds]): RecordSet => ({ ...set(at, type, ...texts), ttlSeconds })));

/** A zone as it can be: one SPF or DMARC record, a CNAME alone, none at the apex. */
const zone = fc.uniqueArray(anySet, { selector: recordSetKey, maxLength: 8 }).map((sets) => sets
  .map((each) => ({ ...each, values: each.values.filter((value, i) => !value.startsWith('"v=') || each.values.findIndex((other) => other.startsWith('"v=')) === i) }))
  .filter((each) => (each.type === 'CNAME' ? each.ownerName !== 'example.com.' && sets.every((other) => other === each || other.ownerName !== each.ownerName) : true)));
const wishes = fc.uniqueArray(anySet, { selector: recordSetKey, minLength: 1, maxLength: 4 }).map((sets) => sets
  .map((each) => ({ ...each, values: each.values.filter((value, i) => !value.startsWith('"v=') || each.values.findIndex((other) => other.startsWith('"v=')) === i) }))
  .filter((each) => each.type !== 'CNAME' || (each.ownerName !== 'example.com.' && sets.every((other) => other === each || other.ownerName !== each.ownerName))));

const apply = (input: PlanInput, wanted: RecordSet[]): Plan => planApply(input, { recordSets: wanted, policy: 'upsert' });
const later = (input: PlanInput, plan: Plan): PlanInput => ({ ...input, state: input.state.after(plan.changes), ledger: input.ledger.after(input.connectionId, plan) });
const contents = (state: ZoneState): string[] => state.all().flatMap((each) => each.values.map((value) => `${recordSetKey(each)} ${valueKey(each.type, value)}`)).sort();

describe('every plan', () => {
  it('is empty the second time', () => {
    fc.assert(fc.property(zone, wishes, (existing, wanted) => {
      const input = given(existing);
      const plan = apply(input, wanted);

      expect(apply(later(input, plan), wanted).changes).toEqual([]);
    }));
  });

  it('leaves everything foreign as it was, TTL included, unless a consequence names it', () => {
    fc.assert(fc.property(zone, wishes, (existing, wanted) => {
      const input = given(existing);
      const plan = apply(input, wanted);
      const after = new Set(contents(later(input, plan).state));
      const named = new Set(plan.consequences.flatMap((each) => each.values.map((value) => `${each.owner_name} ${each.type} ${valueKey(each.type, value)}`)));

      for (const value of contents(input.state)) expect(after.has(value) || named.has(value)).toBe(true);
      if (isSafe(plan, 'upsert')) {
        for (const before of existing) expect(later(input, plan).state.get(before.ownerName, before.type)?.ttlSeconds).toBe(before.ttlSeconds);
      }
    }));
  });

  it('holds what was wanted', () => {
    fc.assert(fc.property(zone, wishes, (existing, wanted) => {
      const { state } = later(given(existing), apply(given(existing), wanted));
      const plain = wanted.flatMap((each) => each.values.filter((value) => !value.startsWith('"v=spf1')).map((value) => `${recordSetKey(each)} ${valueKey(each.type, value)}`));

      expect(contents(state)).toEqual(expect.arrayContaining(plain));
    }));
  });

  it('leaves no CNAME beside other records, and one SPF record at a name', () => {
    fc.assert(fc.property(zone, wishes, (existing, wanted) => {
      const { state } = later(given(existing), apply(given(existing), wanted));

      for (const { ownerName } of state.all()) {
        const types = state.at(ownerName).map(({ type }) => type);
        expect(types.includes('CNAME') && types.length > 1).toBe(false);
        expect((state.get(ownerName, 'TXT')?.values ?? []).filter((value) => value.startsWith('"v=spf1')).length).toBeLessThanOrEqual(1);
      }
    }));
  });

  it('is taken back by a removal: only what was replaced is missing', () => {
    fc.assert(fc.property(zone, wishes, (existing, wanted) => {
      const input = given(existing);
      const plan = apply(input, wanted);
      const removed = later(later(input, plan), planRemove(later(input, plan)));
      const left = contents(removed.state);
      const replaced = new Set(plan.foreign);

      expect(left).toEqual(contents(input.state).filter((value) => !replaced.has(value) || left.includes(value)));
      expect(removed.ledger.of(me)).toEqual([]);
    }));
  });

  it('is taken back by an undo without a trace', () => {
    fc.assert(fc.property(zone, wishes, (existing, wanted) => {
      const input = given(existing);
      const plan = apply(input, wanted);
      const undone = later(later(input, plan), planUndo(later(input, plan), { changes: plan.changes, replaced: input.state.all() }));

      expect(contents(undone.state)).toEqual(contents(input.state));
      expect(undone.ledger.ownedBy(me)).toEqual([]);
    }));
  });

  it('that is undone after another one leaves the connection with what the first one wrote, and a removal takes all of it', () => {
    fc.assert(fc.property(zone, wishes, wishes, (existing, first, second) => {
      const input = given(existing);
      const once = later(input, apply(input, first));
      const plan = apply(once, second);
      const twice = later(once, plan);
      const foreign = new Set(plan.foreign);
      const replaced = plan.changes.flatMap((change) => (change.before === null ? [] : [{ ...change.before, values: change.before.values.filter((value) => foreign.has(`${recordSetKey(change)} ${valueKey(change.type, value)}`)) }]));
      const undone = later(twice, planUndo(twice, { changes: plan.changes, replaced }));
      const mine = contents(once.state).filter((value) => !contents(input.state).includes(value) && !value.includes('v=spf1'));
      const left = contents(later(undone, planRemove(undone)).state);

      expect(left.filter((value) => mine.includes(value))).toEqual([]);
    }));
  });

  it('of two connections commutes with the removal of the other', () => {
    fc.assert(fc.property(zone, wishes, (existing, wanted) => {
      const additive = wanted.filter(({ type }) => type === 'TXT' || type === 'CAA').map((each) => ({ ...each, values: each.values.filter((value) => !value.startsWith('"v=')) })).filter((each) => each.values.length > 0);
      const first = given(existing.filter(({ type }) => type !== 'CNAME'));
      const mine = apply(first, additive);
      const theirs = { ...later(first, mine), connectionId: 'con_other' };
      const both = later(theirs, apply(theirs, additive));
      const withoutMine = { ...both, connectionId: me };
      const end = later(withoutMine, planRemove(withoutMine));

      expect(contents(end.state)).toEqual(contents(both.state));
      expect(end.ledger.of('con_other')).toEqual(both.ledger.of('con_other'));
    }));
  });
});

describe('an approval', () => {
  it('holds for the plan that it named, and for one that does less', () => {
    fc.assert(fc.property(zone, wishes, (existing, wanted) => {
      const plan = apply(given(existing), wanted);

      expect(holdsFor(plan, plan)).toBe(true);
      expect(holdsFor(plan, { consequences: [], foreign: [] })).toBe(true);
    }));
  });

  it('does not hold for one more foreign value, nor for one more consequence', () => {
    const approved = apply(given([set('shop', 'A', '192.0.2.1')]), [set('shop', 'CNAME', 'edge.saas.example.')]);
    const more = apply(given([set('shop', 'A', '192.0.2.1', '192.0.2.2')]), [set('shop', 'CNAME', 'edge.saas.example.')]);
    const other = apply(given([set('shop', 'A', '192.0.2.1'), set('shop', 'MX', '10 mail.example.net.')]), [set('shop', 'CNAME', 'edge.saas.example.')]);

    expect([holdsFor(approved, more), holdsFor(approved, other)]).toEqual([false, false]);
  });
});

describe('the standing approval', () => {
  it('covers addresses and aliases, never mail', () => {
    const address = apply(given([set('shop', 'A', '192.0.2.1')]), [set('shop', 'CNAME', 'edge.saas.example.')]);
    const mail = apply(given([set('@', 'MX', '10 mail.example.net.')]), [set('@', 'MX', '10 mx.saas.example.')]);

    expect([isSafe(address, 'upsert'), isSafe(address, 'replace_conflicting'), isSafe(mail, 'replace_conflicting')]).toEqual([false, true, false]);
  });
});

describe('a plan’s hash', () => {
  it('does not depend on the order of keys', () => {
    expect(canonicalJson({ b: [1, { d: null, c: 'x' }], a: true })).toBe('{"a":true,"b":[1,{"c":"x","d":null}]}');
    expect(planHash({ zone: { id: '1', apex: 'a.' }, changes: [], consequences: [] })).toBe(planHash({ consequences: [], changes: [], zone: { apex: 'a.', id: '1' } }));
  });
});

describe('the ledger', () => {
  it('knows SPF by its terms', () => {
    const record = set('@', 'TXT', 'v=spf1 include:a.example ~all');
    const ledger = new Ledger(ownedBy(me, record));

    expect(ledgerValuesOf(record.ownerName, 'TXT', record.values[0]!).map(({ valueKey: key }) => key)).toEqual(['spf:include:a.example', 'spf:~all']);
    expect(ledger.isAlone({ ownerName: record.ownerName, type: 'TXT', valueKey: 'spf:~all' }, me)).toBe(true);
  });
});
