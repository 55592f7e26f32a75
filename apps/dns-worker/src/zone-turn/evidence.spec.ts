import { describe, expect, it } from '@jest/globals';
import type { Change, RecordSet } from '@connect/domain';
import { ledgerValue, spfLedgerValue } from '../plan/ledger.js';
import { emptyPlan, planApply } from '../plan/plan-apply.js';
import { given, ownedBy, set, wanting } from '../plan/plan.fake.js';
import { planRemove } from '../plan/plan-remove.js';
import type { LedgerValue, Plan } from '../plan/plan.js';
import { ZoneState } from '../plan/zone-state.js';
import { arrivedOf, restsOnDoubt, shownOf, shownOfPlan, valuesInDoubt } from './evidence.js';
import { keptBeside, leftBy, lossesOf } from './foreign-losses.js';
import { resultOf } from './result-of.js';

const change: Change = { ownerName: set('@', 'TXT', 'x').ownerName, type: 'TXT', before: set('@', 'TXT', 'theirs', 'old'), after: set('@', 'TXT', 'theirs', 'ours') };
const other: Change = { ownerName: set('shop', 'A', '192.0.2.1').ownerName, type: 'A', before: null, after: set('shop', 'A', '192.0.2.1') };

describe('what a zone shows of a write', () => {
  it('is all when the values added are there and those removed are not, whatever else stands beside them', () => {
    expect(shownOf([change], ZoneState.of([set('@', 'TXT', 'ours', 'a third')]))).toBe('all');
  });

  it('is part of it, or nothing', () => {
    expect(shownOf([change], ZoneState.of([set('@', 'TXT', 'theirs', 'old', 'ours')]))).toBe('partly');
    expect(shownOf([change], ZoneState.of([set('@', 'TXT', 'theirs', 'old')]))).toBe('none');
  });

  it('is told value by value: the first of two addresses is ours, and the row of what is still there stays', () => {
    const value = (text: string): LedgerValue => ledgerValue(other.ownerName, 'A', text);
    const plan: Plan = { ...emptyPlan('apply', ZoneState.of([]), []), changes: [other], owns: [value('192.0.2.1'), value('192.0.2.2')], letsGo: [value('192.0.2.3'), value('192.0.2.4')] };

    const arrived = arrivedOf(plan, ZoneState.of([set('shop', 'A', '192.0.2.1', '192.0.2.3')]));

    expect([arrived.owns, arrived.letsGo]).toEqual([[value('192.0.2.1')], [value('192.0.2.4')]]);
  });

  it('keeps the share in a value that stood there before, also where nothing arrived', () => {
    const shared = set('shop', 'A', '192.0.2.1');
    const plan = planApply(given([shared], ownedBy('con_other', shared)), wanting(shared, set('@', 'TXT', 'not arrived')));

    expect(arrivedOf(plan, ZoneState.of([shared])).owns).toEqual([ledgerValue(shared.ownerName, 'A', '192.0.2.1')]);
  });

  it('is not all of a plan while a value that it shares with a neighbour is not there', () => {
    const [shared, own] = [set('@', 'TXT', 'shared'), set('shop', 'A', '192.0.2.1')];
    const plan = planApply(given([shared], ownedBy('con_other', shared)), wanting(shared, own));

    expect([shownOfPlan(plan, ZoneState.of([own])), shownOfPlan(plan, ZoneState.of([own, shared]))]).toEqual(['partly', 'all']);
  });

  it('is told of an SPF record term by term', () => {
    const terms = ['include:a.example', 'include:b.example'].map((term) => spfLedgerValue(change.ownerName, term));

    expect(arrivedOf({ ...emptyPlan('apply', ZoneState.of([]), []), owns: terms }, ZoneState.of([set('@', 'TXT', 'v=spf1 include:a.example ~all')])).owns).toEqual(terms.slice(0, 1));
  });

  it('is not that a term is gone where only the record is not there that a neighbour was to leave', () => {
    const [both, theirs] = [set('@', 'TXT', 'v=spf1 include:a.example mx -all'), set('@', 'TXT', 'v=spf1 mx')];
    const leaving: Change = { ownerName: both.ownerName, type: 'TXT', before: theirs, after: null };

    expect([shownOf([leaving], ZoneState.of([both])), shownOf([leaving], ZoneState.of([]))]).toEqual(['none', 'all']);
  });

  it('is looked for by the TTL where only that changes', () => {
    const before = set('shop', 'A', '192.0.2.1');
    const ttl: Change = { ownerName: before.ownerName, type: 'A', before, after: { ...before, ttlSeconds: 60 } };

    expect([shownOf([ttl], ZoneState.of([before])), shownOf([ttl], ZoneState.of([{ ...before, ttlSeconds: 60 }]))]).toEqual(['none', 'all']);
  });
});

describe('a write whose end is not known', () => {
  const wanted = set('shop', 'A', '192.0.2.1');
  const begun = valuesInDoubt([planApply(given([]), wanting(wanted, set('@', 'TXT', 'not arrived')))]);

  it('keeps waiting who would share its values, take them for the customer’s, or leave them to it', () => {
    const beside = planApply(given([wanted], [], { connectionId: 'con_other' }), wanting(wanted));
    const leaving = planRemove(given([wanted], ownedBy('con_other', wanted), { connectionId: 'con_other' }));

    expect([restsOnDoubt(beside, begun), restsOnDoubt(leaving, begun)]).toEqual([true, true]);
  });

  it('is nothing to its neighbours', () => {
    expect(restsOnDoubt(planApply(given([wanted]), wanting(set('@', 'TXT', 'another'))), begun)).toBe(false);
  });
});

describe('foreign values that are gone after a write', () => {
  const zoneWith = (apexAlias: 'none' | 'flattened_cname') => ({ apex: set('@', 'TXT').ownerName, capabilities: { apexAlias } });

  it('are put back beside what is there now', () => {
    const before = ZoneState.of([set('@', 'TXT', 'theirs', 'old'), set('@', 'MX', '10 mail.example.net.'), set('www', 'A', '192.0.2.1')]);

    const { missing, replaced } = lossesOf(keptBeside(before, [change]), ZoneState.of([set('@', 'TXT', 'ours')]), zoneWith('none'));

    expect(missing.map(({ type, after }) => [type, after?.values])).toEqual([['TXT', ['"ours"', '"theirs"']], ['MX', ['10 mail.example.net.']]]);
    expect(replaced).toEqual([]);
  });

  it.each([
    ['a CNAME that its owner set at the name', [set('@', 'CNAME', 'elsewhere.example.net.')], 'none' as const, { missing: [], replaced: ['TXT', 'A'] }],
    ['addresses beside which there may be no others', [set('@', 'AAAA', '2001:db8::1')], 'none' as const, { missing: ['TXT'], replaced: ['A'] }],
    ['a CNAME at an apex where it is served as addresses', [set('@', 'CNAME', 'elsewhere.example.net.')], 'flattened_cname' as const, { missing: ['TXT'], replaced: ['A'] }],
    ['what only stands beside it', [set('@', 'TXT', 'new'), set('@', 'MX', '10 mail.example.net.')], 'none' as const, { missing: ['TXT', 'A'], replaced: [] }],
  ])('are not put back beside what came in their place: %s', (_, after, apexAlias, expected) => {
    const { missing, replaced } = lossesOf([set('@', 'TXT', 'theirs'), set('@', 'A', '192.0.2.9')], ZoneState.of(after), zoneWith(apexAlias));

    expect({ missing: missing.map(({ type }) => type), replaced: replaced.map(({ type }) => type) }).toEqual(expected);
  });

  it('are put back where one of several is gone and none came', () => {
    const { missing } = lossesOf([set('@', 'A', '192.0.2.8', '192.0.2.9')], ZoneState.of([set('@', 'A', '192.0.2.8')]), zoneWith('none'));

    expect(missing.map(({ after }) => after?.values)).toEqual([['192.0.2.8', '192.0.2.9']]);
  });

  it('are also those elsewhere that any write of the zone may lose, each once', () => {
    const hidden = (name: string): RecordSet => ({ ...set(name, 'SRV', '0 5 443 sip.example.net.'), untouchable: 'hidden_row' });
    const before = ZoneState.of([set('@', 'MX', '10 mail.example.net.'), hidden('_sip._tls'), hidden('@'), set('www', 'A', '192.0.2.1')]);

    expect(keptBeside(before, [change], ['hidden_row']).map(({ ownerName, type }) => `${ownerName} ${type}`)).toEqual(['example.com. MX', 'example.com. SRV', '_sip._tls.example.com. SRV']);
  });

  it('are not those that the write was to take away', () => {
    expect(lossesOf(keptBeside(ZoneState.of([set('@', 'TXT', 'theirs', 'old')]), [change]), ZoneState.of([set('@', 'TXT', 'theirs', 'ours')]), zoneWith('none'))).toEqual({ missing: [], replaced: [] });
  });

  it('are not those that a later write of ours took away', () => {
    const kept = keptBeside(ZoneState.of([set('@', 'TXT', 'theirs', 'old')]), [change]);

    expect(leftBy([{ ...change, before: set('@', 'TXT', 'theirs', 'ours'), after: set('@', 'TXT', 'ours') }], kept)).toEqual([]);
  });
});

describe('the result of a write for one plan', () => {
  it('is unknown as soon as one of its sets is, or has no outcome', () => {
    expect(resultOf([change, other], [{ change, status: 'applied', code: null, detail: null }]).status).toBe('unknown');
    expect(resultOf([change], [{ change, status: 'unknown', code: 'outcome_unknown', detail: null }]).status).toBe('unknown');
  });

  it('names what was written beside a refusal', () => {
    const result = resultOf([change, other], [{ change, status: 'refused', code: 'record_invalid', detail: null }, { change: other, status: 'applied', code: null, detail: null }]);

    expect(result).toEqual({ status: 'refused', code: 'record_invalid', detail: null, applied: new Set(['shop.example.com. A']) });
  });
});
