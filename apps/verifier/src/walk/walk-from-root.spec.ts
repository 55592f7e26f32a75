import { describe, expect, it } from '@jest/globals';
import { labelsOf, ownerName, systemClock } from '@connect/domain';
import type { NameServerAsker } from '../ports/name-server-asker.port.js';
import { DelegationCache } from './delegation-cache.js';
import { zoneOf } from './delegation.js';
import { recordOf, said, ScriptedAsker } from './scripted-asker.fake.js';
import { WalkFromRoot } from './walk-from-root.js';

const root = '192.0.2.1';
const { signal } = new AbortController();
const walkBy = (asker: NameServerAsker): WalkFromRoot => new WalkFromRoot(asker, [root], new DelegationCache(systemClock));
const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describe('what a delegation may make us do', () => {
  it('is a number of questions, however many name servers without glue lead to others without glue', async () => {
    let asked = 0;
    const walk = walkBy({
      ask: async (_address, { ownerName: name }) => {
        asked++;
        const zone = `${labelsOf(name).slice(-2).join('.')}.`;
        return said({ authoritative: false, authorities: upTo(50).map((i) => recordOf(zone, 'NS', `ns.x${i}-${zone}`)) });
      },
    });

    await walk.walk(ownerName('www.hostile.test'), signal);

    expect(asked).toBeGreaterThan(16);
    expect(asked).toBeLessThanOrEqual(300);
  });

  it('is to ask so many name servers at so many addresses of each family, and how many were left out is known', async () => {
    const glue = (name: string): [string, string, string][] => [...upTo(20).map((i): [string, string, string] => [name, 'A', `198.51.100.${i}`]), ...upTo(20).map((i): [string, string, string] => [name, 'AAAA', `2001:db8::${i + 1}`])];
    const records = upTo(40).flatMap((i): [string, string, string][] => [['many.test.', 'NS', `ns${i}.many.test.`], ...glue(`ns${i}.many.test.`)]);
    const asker = new ScriptedAsker([{ zone: '.', at: [root], records }, { zone: 'many.test.', at: ['198.51.100.0'], records }]);

    const zone = zoneOf(await walkBy(asker).walk(ownerName('www.many.test'), signal));

    expect(zone).toMatchObject({ zone: 'many.test.', leftOut: 24 });
    expect(zone?.nameServers.map((server) => server.addresses.length)).toEqual(Array.from({ length: 16 }, () => 8));
    expect(new Set(zone?.nameServers.map((server) => server.namedBy))).toEqual(new Set(['parent']));
  });
});

describe('a zone that shares its servers with its parent and with the target of an alias', () => {
  it('is found by its own SOA record, not by that of the target', async () => {
    const asker = new ScriptedAsker([
      { zone: '.', at: [root], records: [['test.', 'NS', 'ns.test.'], ['ns.test.', 'A', '192.0.2.2']] },
      { zone: 'shop.test.', at: ['192.0.2.2'], records: [['shop.test.', 'NS', 'ns.test.'], ['ns.test.', 'A', '192.0.2.2'], ['www.shop.test.', 'CNAME', 'edge.other.test.']] },
      { zone: 'test.', at: ['192.0.2.2'], records: [['test.', 'NS', 'ns.test.'], ['ns.test.', 'A', '192.0.2.2']] },
    ]);
    const followed: NameServerAsker = {
      async ask(address, question, signal) {
        const answer = await asker.ask(address, question, signal);
        const isAlias = answer.kind === 'answer' && answer.answers.some((record) => record.type === 'CNAME');
        return isAlias ? { ...answer, authorities: [recordOf('other.test.', 'SOA', 'ns.test. root.test. 1 1 1 1 60')] } : answer;
      },
    };

    expect(zoneOf(await walkBy(followed).walk(ownerName('www.shop.test'), signal))?.zone).toBe('shop.test.');
  });
});
