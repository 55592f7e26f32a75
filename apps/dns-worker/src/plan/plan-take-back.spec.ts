import { describe, expect, it } from '@jest/globals';
import { given, me, ownedBy, set } from './plan.fake.js';
import { planRemove } from './plan-remove.js';
import { planUndo } from './plan-undo.js';

const ours = set('@', 'TXT', 'ours');

describe('a removal', () => {
  it('takes our values and leaves the neighbours', () => {
    const plan = planRemove(given([{ ...set('@', 'TXT', 'theirs', 'ours'), ttlSeconds: 900 }, set('www', 'A', '192.0.2.1')], ownedBy(me, ours)));

    expect(plan.changes).toEqual([expect.objectContaining({ after: { ...set('@', 'TXT', 'theirs'), ttlSeconds: 900 } })]);
    expect(plan.consequences).toEqual([]);
  });

  it('leaves what was only used', () => {
    const plan = planRemove(given([ours], ownedBy(me, ours).map((row) => ({ ...row, role: 'used' as const }))));

    expect(plan.changes).toEqual([]);
    expect(plan.letsGo).toHaveLength(1);
  });

  it('leaves what another connection owns as well, until that one lets go', () => {
    const both = [...ownedBy(me, ours), ...ownedBy('con_other', ours)];

    expect(planRemove(given([ours], both)).changes).toEqual([]);
    expect(planRemove(given([ours], ownedBy(me, ours))).changes).toHaveLength(1);
  });

  it('takes our SPF terms out and the record with them when nothing is left', () => {
    const merged = set('@', 'TXT', 'v=spf1 mx include:saas.example ~all');
    const whole = set('@', 'TXT', 'v=spf1 include:saas.example ~all');

    expect(planRemove(given([merged], ownedBy(me, set('@', 'TXT', 'v=spf1 include:saas.example')))).changes[0]?.after?.values).toEqual(['"v=spf1 mx ~all"']);
    expect(planRemove(given([whole], ownedBy(me, whole))).changes[0]?.after).toBeNull();
  });

  it('is empty where somebody took our values away already', () => {
    expect(planRemove(given([set('@', 'TXT', 'theirs')], ownedBy(me, ours)))).toMatchObject({ changes: [], letsGo: [{ value: '"ours"' }] });
  });

  it('says what stands in its way', () => {
    expect(planRemove(given([{ ...ours, untouchable: 'alias' }], ownedBy(me, ours))).refusal?.code).toBe('removal_blocked');
  });

  it('is not blocked by a value beside ours that the API only shows', () => {
    const beside = { ...set('@', 'TXT', 'locked', 'ours'), untouchable: 'managed_record', untouchableValues: set('@', 'TXT', 'locked').values };

    expect(planRemove(given([beside], ownedBy(me, ours)))).toMatchObject({ refusal: null, changes: [{ after: { values: ['"locked"'] } }] });
  });
});

describe('an undo', () => {
  it('puts back what another connection had written where it wants that still, and not where it gave it up', () => {
    const [theirs, mine] = [set('shop', 'A', '192.0.2.1'), set('shop', 'A', '198.51.100.7')];
    const write = { changes: [{ ownerName: theirs.ownerName, type: 'A', before: theirs, after: mine }], replaced: [{ ...theirs, ofOthers: theirs.values }] };

    expect(planUndo(given([mine], [...ownedBy(me, mine), ...ownedBy('con_other', theirs)]), write).changes).toEqual([expect.objectContaining({ after: theirs })]);
    expect(planUndo(given([mine], ownedBy(me, mine)), write).changes).toEqual([expect.objectContaining({ after: null })]);
  });

  const before = set('shop', 'A', '192.0.2.1');
  const after = set('shop', 'CNAME', 'edge.saas.example.');
  const written = [
    { ownerName: before.ownerName, type: 'A', before, after: null },
    { ownerName: after.ownerName, type: 'CNAME', before: null, after },
  ];

  it('puts back what was there, and our values go', () => {
    const plan = planUndo(given([after], ownedBy(me, after)), { changes: written, replaced: [before] });

    expect(plan.changes.map(({ type, after: now }) => [type, now])).toEqual([['A', before], ['CNAME', null]]);
    expect(plan.letsGo.map(({ value }) => value)).toEqual(['edge.saas.example.']);
    expect(plan.owns).toEqual([]);
  });

  it('keeps the TTL of a proxy that was put before our values meanwhile', () => {
    const [old, now] = [{ ...before, ttlSeconds: 3600 }, set('shop', 'A', '198.51.100.7')];
    const write = { changes: [{ ownerName: old.ownerName, type: 'A', before: old, after: now }], replaced: [old] };

    expect(planUndo(given([{ ...now, proxied: true }], ownedBy(me, now)), write).changes).toEqual([expect.objectContaining({ after: { ...old, ttlSeconds: 300, proxied: true } })]);
  });

  it('makes the connection’s own again what was its own: a later removal finds it', () => {
    const earlier = [{ ownerName: after.ownerName, type: 'CNAME', before: after, after: null }, { ownerName: before.ownerName, type: 'A', before: null, after: before }];
    const input = given([before], ownedBy(me, before));

    const plan = planUndo(input, { changes: earlier, replaced: [] });

    expect([plan.owns.map(({ value }) => value), plan.letsGo.map(({ value }) => value)]).toEqual([['edge.saas.example.'], ['192.0.2.1']]);
    expect(planRemove({ ...input, state: input.state.after(plan.changes), ledger: input.ledger.after(me, plan) }).changes).toHaveLength(1);
  });

  it('gives back to the connection the terms of an SPF record that were its own, and no others', () => {
    const change = { ownerName: ours.ownerName, type: 'TXT', before: set('@', 'TXT', 'v=spf1 mx include:a.example ~all'), after: set('@', 'TXT', 'v=spf1 mx include:b.example ~all') };

    const plan = planUndo(given([change.after], ownedBy(me, set('@', 'TXT', 'v=spf1 include:b.example'))), { changes: [change], replaced: [] });

    expect([plan.owns.map(({ value }) => value), plan.letsGo.map(({ value }) => value)]).toEqual([['include:a.example'], ['include:b.example']]);
  });

  it('leaves a set alone that moved since', () => {
    expect(planUndo(given([set('shop', 'CNAME', 'elsewhere.example.')], ownedBy(me, after)), { changes: written.slice(1), replaced: [] }).changes).toEqual([]);
  });

  it('takes our value out of an additive set whose neighbours moved', () => {
    const change = { ownerName: ours.ownerName, type: 'TXT', before: set('@', 'TXT', 'a'), after: set('@', 'TXT', 'a', 'ours') };

    expect(planUndo(given([set('@', 'TXT', 'b', 'ours')], ownedBy(me, ours)), { changes: [change], replaced: [] }).changes[0]?.after?.values).toEqual(['"b"']);
  });

  it('leaves an SPF record alone in which another connection has its terms by now', () => {
    const before = set('@', 'TXT', 'v=spf1 mx ~all');
    const after = set('@', 'TXT', 'v=spf1 mx include:a.example ~all');
    const term = set('@', 'TXT', 'v=spf1 include:a.example');
    const change = { ownerName: before.ownerName, type: 'TXT', before, after };

    expect(planUndo(given([after], ownedBy(me, term)), { changes: [change], replaced: [] }).changes[0]?.after).toEqual(before);
    expect(planUndo(given([after], [...ownedBy(me, term), ...ownedBy('con_other', term)]), { changes: [change], replaced: [] }).changes).toEqual([]);
  });
});
