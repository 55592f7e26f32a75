import { describe, expect, it } from '@jest/globals';
import { given, me, ownedBy, plain, set, wanting } from './plan.fake.js';
import { planApply } from './plan-apply.js';
import { safePart } from './safe-part.js';

const cname = set('shop', 'CNAME', 'edge.saas.example.');
const proof = set('_proof', 'TXT', 'token');
const theirs = set('shop', 'A', '192.0.2.1');

describe('the safe part of a plan', () => {
  it('is what concerns nothing foreign, name by name', () => {
    const old = set('_proof', 'TXT', 'old');
    const part = safePart(planApply(given([theirs, old], ownedBy(me, old)), wanting(cname, proof)));

    expect(part?.changes.map(({ ownerName, after }) => [ownerName, after?.values])).toEqual([['_proof.example.com.', ['"token"']]]);
    expect(part).toMatchObject({ consequences: [], foreign: [], isPart: true });
    expect(part?.owns.map(({ value }) => value)).toEqual(['"token"']);
    expect(part?.letsGo.map(({ value }) => value)).toEqual(['"old"']);
  });

  it('takes nothing away at the names that wait', () => {
    const ours = set('shop', 'TXT', 'ours');
    const part = safePart(planApply(given([theirs, ours], ownedBy(me, ours)), wanting(cname, proof)));

    expect(part?.changes.map(({ ownerName }) => ownerName)).toEqual(['_proof.example.com.']);
    expect(part?.letsGo).toEqual([]);
  });

  it('is nothing where every name waits, or only those that are as wanted do not', () => {
    expect(safePart(planApply(given([theirs]), wanting(cname)))).toBeNull();
    expect(safePart(planApply(given([theirs, proof], ownedBy(me, proof)), wanting(cname, proof)))).toBeNull();
  });

  it('is nothing where the write itself is what has to be approved', () => {
    const elsewhere = { ...set('@', 'MX', '10 mail.example.net.'), untouchable: 'hidden' };

    expect(safePart(planApply(given([elsewhere], [], { capabilities: { ...plain, mayLose: ['hidden'] } }), wanting(proof)))).toBeNull();
    expect(safePart(planApply(given([]), wanting(...Array.from({ length: 51 }, (_, i) => set(`n${i}`, 'A', '192.0.2.1')))))).toBeNull();
  });
});
