import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { movableClock, ownerName, type RecordSet } from '@connect/domain';
import { DelegationCache } from '../walk/delegation-cache.js';
import { ScriptedAsker, type ScriptedZone } from '../walk/scripted-asker.fake.js';
import { WalkFromRoot } from '../walk/walk-from-root.js';
import { confirmAfterMs } from '../watches/schedule.js';
import { PropagationCheck, type Look } from './propagation-check.js';

const [root, tld, own, other, ofHost] = ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4', '192.0.2.5'];

/** A small world without a network, with looks that share what they remember. */
function world(...zones: ScriptedZone[]): { asker: ScriptedAsker; clock: ReturnType<typeof movableClock>; look: (recordSet: RecordSet, expectation?: 'present' | 'absent') => Promise<Look> } {
  const asker = new ScriptedAsker([{ zone: '.', at: [root], records: [['test.', 'NS', 'ns.test.'], ['ns.test.', 'A', tld]] }, ...zones]);
  const clock = movableClock();
  const walk = new WalkFromRoot(asker, [root], new DelegationCache(clock));
  const check = new PropagationCheck(walk, asker, [root], clock);
  return { asker, clock, look: (recordSet, expectation = 'present') => check.run({ expectation, recordSets: [recordSet], silences: {} }, new AbortController().signal) };
}

function set(name: string, type: string, ...values: string[]): RecordSet {
  return { ownerName: ownerName(name), type, ttlSeconds: 5, values };
}

describe('a look at a zone with more name servers than are asked', () => {
  it('says so', async () => {
    const names = Array.from({ length: 20 }, (_, i): ScriptedZone['records'] => [['shop.test.', 'NS', `ns${i}.shop.test.`], [`ns${i}.shop.test.`, 'A', own]]).flat();
    const { look } = world({ zone: 'test.', at: [tld], records: names }, { zone: 'shop.test.', at: [own], records: [...names, ['www.shop.test.', 'A', '192.0.2.9']] });

    expect((await look(set('www.shop.test', 'A', '192.0.2.9'))).conclusion).toMatchObject({ verdict: 'published', warnings: ['shop.test. has 20 name servers, of which 4 are not asked'] });
  });
});

describe('what a look could not find out', () => {
  const www = set('www.shop.test', 'A', '192.0.2.9');
  const shop = (...records: ScriptedZone['records']): ScriptedZone['records'] => [['shop.test.', 'NS', 'ns.shop.test.'], ['ns.shop.test.', 'A', own], ...records];

  it('is asked for again by the look that confirms: the addresses of a name server elsewhere', async () => {
    const records = shop(['shop.test.', 'NS', 'ns.host.test.'], ['www.shop.test.', 'A', '192.0.2.9']);
    const { asker, clock, look } = world(
      { zone: 'test.', at: [tld], records: [...shop(['shop.test.', 'NS', 'ns.host.test.']), ['host.test.', 'NS', 'ns1.host.test.'], ['ns1.host.test.', 'A', ofHost]] },
      { zone: 'shop.test.', at: [own, other], records },
      { zone: 'host.test.', at: [ofHost], records: [['host.test.', 'NS', 'ns1.host.test.'], ['ns1.host.test.', 'A', ofHost], ['ns.host.test.', 'A', other]] },
    );
    asker.isLost = (address) => address === ofHost;
    expect((await look(www)).conclusion).toMatchObject({ verdict: 'partial', silences: { 'ns.host.test.': { looks: 1 } } });

    asker.isLost = () => false;
    clock.advance(confirmAfterMs);

    expect((await look(www)).conclusion).toMatchObject({ verdict: 'published', silences: {} });
  });

  it.each(['A', 'AAAA'])('is asked for again: also where only the question for %s was lost', async (type) => {
    const hostRecords: ScriptedZone['records'] = [['host.test.', 'NS', 'ns1.host.test.'], ['ns1.host.test.', 'A', ofHost], ['ns.host.test.', 'A', own], ['ns.host.test.', 'AAAA', '2001:db8::1']];
    const { asker, clock, look } = world(
      { zone: 'test.', at: [tld], records: [['shop.test.', 'NS', 'ns.host.test.'], ...hostRecords.slice(0, 2)] },
      { zone: 'shop.test.', at: [own, '2001:db8::1'], records: [['shop.test.', 'NS', 'ns.host.test.'], ['www.shop.test.', 'A', '192.0.2.9']] },
      { zone: 'host.test.', at: [ofHost], records: hostRecords },
    );
    asker.isLost = (_address, question) => question.ownerName === 'ns.host.test.' && question.type === type;
    expect((await look(www)).seen).toHaveLength(1);

    asker.isLost = () => false;
    clock.advance(confirmAfterMs);

    expect((await look(www)).seen).toHaveLength(2);
  });

  it('is asked for again: the name servers that only the zone itself names', async () => {
    const records = shop(['shop.test.', 'NS', 'ns2.shop.test.'], ['ns2.shop.test.', 'A', other]);
    const { asker, clock, look } = world({ zone: 'test.', at: [tld], records: shop() }, { zone: 'shop.test.', at: [own], records: [...records, ['www.shop.test.', 'A', '192.0.2.9']] }, { zone: 'shop.test.', at: [other], records });
    asker.isLost = (_address, question) => question.ownerName === 'shop.test.' && question.type === 'NS';
    await look(www);

    asker.isLost = () => false;
    clock.advance(confirmAfterMs);

    expect((await look(www)).conclusion).toMatchObject({ verdict: 'partial', codes: ['expected_value', 'nxdomain', 'split_answers'] });
  });
});

describe('a look at a zone with many dead addresses', () => {
  const addresses = Array.from({ length: 6 }, (_, i) => `198.51.100.${i}`);
  const delegation = addresses.flatMap((address, i): ScriptedZone['records'] => [['dead.test.', 'NS', `ns${i}.dead.test.`], [`ns${i}.dead.test.`, 'A', address]]);

  afterEach(() => {
    jest.useRealTimers();
  });

  /** Each dead address costs two seconds, which pass at once. */
  async function lookWhere(...alive: ScriptedZone[]): Promise<Look> {
    jest.useFakeTimers();
    const { asker, look } = world({ zone: 'test.', at: [tld], records: delegation }, ...alive);
    asker.silenceMs = 2_000;
    const seen = look(set('www.dead.test', 'A', '192.0.2.9'));
    await jest.advanceTimersByTimeAsync(20_000);
    return seen;
  }

  it('does not take them for our own failure as long as the roots answer', async () => {
    expect((await lookWhere()).conclusion.codes).toEqual(['unreachable']);
  });

  it('leaves time to hear the one that is alive', async () => {
    const { conclusion } = await lookWhere({ zone: 'dead.test.', at: [addresses.at(-1)!], records: [...delegation, ['www.dead.test.', 'A', '192.0.2.9']] });

    expect(conclusion).toMatchObject({ verdict: 'partial', codes: ['expected_value', 'unreachable'] });
  });

  it('leaves time to hear the others where a name server’s own name leads to dead addresses', async () => {
    const shop: ScriptedZone['records'] = [['shop.test.', 'NS', 'ns.shop.test.'], ['ns.shop.test.', 'A', own], ['shop.test.', 'NS', 'ns.dead.test.'], ['www.shop.test.', 'A', '192.0.2.9']];
    jest.useFakeTimers();
    const { asker, look } = world({ zone: 'test.', at: [tld], records: [...shop.slice(0, 3), ...delegation] }, { zone: 'shop.test.', at: [own], records: shop });
    asker.silenceMs = 2_000;
    const seen = look(set('www.shop.test', 'A', '192.0.2.9'));
    await jest.advanceTimersByTimeAsync(20_000);

    expect((await seen).conclusion).toMatchObject({ verdict: 'partial', codes: ['expected_value'], silences: { 'ns.dead.test.': { looks: 1 } } });
  });
});

describe('an alias that a provider flattens', () => {
  const target: ScriptedZone = { zone: 'edge.test.', at: [other], records: [['edge.test.', 'NS', 'ns.edge.test.'], ['edge.test.', 'A', '192.0.2.9']] };
  const flat = (type: string): RecordSet => set('shop.test', type, 'edge.test.');

  function worldWith(...records: ScriptedZone['records']): ReturnType<typeof world> {
    const delegations: ScriptedZone['records'] = [['shop.test.', 'NS', 'ns.shop.test.'], ['ns.shop.test.', 'A', own], ['edge.test.', 'NS', 'ns.edge.test.'], ['ns.edge.test.', 'A', other]];
    return world({ zone: 'test.', at: [tld], records: delegations }, { zone: 'shop.test.', at: [own], records: [...delegations.slice(0, 2), ...records] }, target);
  }

  it('stands for its target: the same addresses agree, others conflict', async () => {
    expect((await worldWith(['shop.test.', 'A', '192.0.2.9']).look(flat('ALIAS'))).conclusion).toMatchObject({ verdict: 'published', codes: ['flattened_equivalent'] });
    expect((await worldWith(['shop.test.', 'A', '192.0.2.9'], ['shop.test.', 'A', '192.0.2.77']).look(flat('ALIAS'))).conclusion).toMatchObject({ verdict: 'conflicting', codes: ['conflicting_value'] });
  });

  it('conflicts with nothing while nobody says which addresses the target has', async () => {
    const { asker, look } = worldWith(['shop.test.', 'A', '192.0.2.9']);
    asker.isLost = (address) => address === other;

    expect((await look(flat('CNAME'))).conclusion).toMatchObject({ verdict: 'unknown', codes: ['target_unknown'] });
  });

  it('conflicts with nothing where only one family of the target could not be had, unless the other does', async () => {
    const records: ScriptedZone['records'] = [['shop.test.', 'AAAA', '2001:db8::9']];
    const lost = (address: string, question: { type: string }): boolean => address === other && question.type === 'AAAA';
    const [same, different] = [worldWith(...records, ['shop.test.', 'A', '192.0.2.9']), worldWith(...records, ['shop.test.', 'A', '192.0.2.77'])];
    same.asker.isLost = lost;
    different.asker.isLost = lost;

    expect((await same.look(flat('CNAME'))).conclusion).toMatchObject({ verdict: 'unknown', codes: ['target_unknown'] });
    expect((await different.look(flat('CNAME'))).conclusion).toMatchObject({ verdict: 'conflicting', codes: ['conflicting_value'] });
  });

  it('is looked up once a look, not once an address', async () => {
    const glue = ['192.0.2.11', '192.0.2.12', '192.0.2.13'].map((address): [string, string, string] => ['ns.shop.test.', 'A', address]);
    const records: ScriptedZone['records'] = [['shop.test.', 'NS', 'ns.shop.test.'], ...glue, ['edge.test.', 'NS', 'ns.edge.test.'], ['ns.edge.test.', 'A', other]];
    const { asker, look } = world({ zone: 'test.', at: [tld], records }, { zone: 'shop.test.', at: glue.map(([, , address]) => address), records: [...records.slice(0, 4), ['shop.test.', 'A', '192.0.2.9']] }, target);

    expect((await look(flat('CNAME'))).conclusion.verdict).toBe('published');
    expect(asker.asked.filter(({ address, question }) => address === other && question.type === 'A')).toHaveLength(1);
  });

  it.each(['ALIAS', 'CNAME'])('is not gone while the target’s addresses are served: %s', async (type) => {
    expect((await worldWith(['shop.test.', 'A', '192.0.2.9']).look(flat(type), 'absent')).conclusion).toMatchObject({ verdict: 'partial', codes: ['expected_value'] });
  });

  it.each(['ALIAS', 'CNAME'])('is not gone while it is served as what it is: %s', async (type) => {
    expect((await worldWith(['shop.test.', 'CNAME', 'edge.test.']).look(flat(type), 'absent')).conclusion).toMatchObject({ verdict: 'partial', codes: ['expected_value'] });
  });

  it.each(['ALIAS', 'CNAME'])('is gone once the name has no addresses, or others: %s', async (type) => {
    expect((await worldWith().look(flat(type), 'absent')).conclusion.verdict).toBe('absent');
    expect((await worldWith(['shop.test.', 'A', '192.0.2.77']).look(flat(type), 'absent')).conclusion.verdict).toBe('absent');
  });

  it('is not said to be gone while nobody says which addresses the target has', async () => {
    const { asker, look } = worldWith(['shop.test.', 'A', '192.0.2.9']);
    asker.isLost = (address) => address === other;

    expect((await look(flat('ALIAS'), 'absent')).conclusion).toMatchObject({ verdict: 'unknown', codes: ['target_unknown'] });
  });

  it('is not said to be gone by a server that did not answer for the addresses', async () => {
    const { asker, look } = worldWith(['shop.test.', 'A', '192.0.2.9']);
    asker.isLost = (address, question) => address === own && question.type === 'A';

    expect((await look(flat('ALIAS'), 'absent')).conclusion).toMatchObject({ verdict: 'unknown', codes: ['unreachable'] });
  });
});
