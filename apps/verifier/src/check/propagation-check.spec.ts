import { describe, expect, it } from '@jest/globals';
import { movableClock, ownerName, type RecordSet } from '@connect/domain';
import { DelegationCache } from '../walk/delegation-cache.js';
import { ScriptedAsker, type ScriptedZone } from '../walk/scripted-asker.fake.js';
import { WalkFromRoot } from '../walk/walk-from-root.js';
import { PropagationCheck, type Look } from './propagation-check.js';

const [root, tld, own] = ['192.0.2.1', '192.0.2.2', '192.0.2.3'];

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
