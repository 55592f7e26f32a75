import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createOutgoingPolicy } from '@connect/adapters/transport';
import { ownerName, systemClock, txtValue, type RecordSet } from '@connect/domain';
import { startDnsWorld, startKnot, type DnsWorld, type RunningKnot } from '@connect/local-parts';
import { temporaryFolder, type TemporaryFolder } from '@connect/testing';
import { DnsNameServerAsker } from '../infrastructure/dns-name-server-asker.js';
import { DelegationCache } from '../walk/delegation-cache.js';
import { WalkFromRoot } from '../walk/walk-from-root.js';
import { PropagationCheck, zonesOf } from './propagation-check.js';

/** Two real servers of one provider; their zones differ where a case needs it. */
describe('a propagation check against real name servers', () => {
  let folder: TemporaryFolder;
  let world: DnsWorld;
  let first: RunningKnot;
  let second: RunningKnot;
  const big = 'x'.repeat(1_500);

  beforeAll(async () => {
    folder = temporaryFolder('verifier');
    world = await startDnsWorld({ dir: folder.path });
    const places = [world.place(), world.place()] as const;
    const nameServers = places.map(({ address }, i) => ({ name: `ns${i + 1}.shop.test.`, address }));
    const zone = (records: { name: string; type: string; value: string }[]): { name: string; nameServers: typeof nameServers; records: typeof records } => ({ name: 'shop.test.', nameServers, records });
    const both = [
      { name: 'same', type: 'A', value: '192.0.2.1' }, { name: 'big', type: 'TXT', value: txtValue(big) }, { name: 'target', type: 'A', value: '192.0.2.9' }, { name: 'flat', type: 'A', value: '192.0.2.9' },
      { name: '*.wild', type: 'CNAME', value: 'target.shop.test.' },
    ];
    first = await startKnot({ ...places[0], dir: `${folder.path}/first`, zones: [zone([...both, { name: 'split', type: 'A', value: '192.0.2.10' }, { name: 'lagging', type: 'A', value: '192.0.2.1' }])] });
    second = await startKnot({ ...places[1], dir: `${folder.path}/second`, zones: [zone([...both, { name: 'split', type: 'A', value: '192.0.2.20' }])] });
    await world.delegate('shop.test.', nameServers);
    await world.delegate('lame.test.', [{ name: 'ns1.lame.test.', address: first.address }]);
    await world.delegate('half.test.', [{ name: 'ns1.half.test.', address: first.address }, { name: 'ns2.half.test.', address: world.place().address }]);
    await first.addZone({ name: 'half.test.', nameServers: [{ name: 'ns1.half.test.', address: first.address }], records: [{ name: 'www', type: 'A', value: '192.0.2.1' }] });
  });

  afterAll(async () => {
    await Promise.all([first, second, world].map((part) => part?.stop()));
    folder.remove();
  });

  function look(recordSet: RecordSet, expectation: 'present' | 'absent' = 'present'): ReturnType<PropagationCheck['run']> {
    const roots = [world.dnsRoots.split(':')[0]!];
    const portMap = Object.fromEntries(world.dnsPortMap.split(',').map((pair) => [pair.split('=')[0]!, Number(pair.split('=')[1])]));
    const asker = new DnsNameServerAsker(createOutgoingPolicy({ allow: ['127.0.0.0/8'] }), portMap, systemClock);
    const walk = new WalkFromRoot(asker, roots, new DelegationCache(systemClock));
    return new PropagationCheck(walk, asker, roots, systemClock).run({ expectation, recordSets: [recordSet], silences: {} }, new AbortController().signal);
  }
  const set = (name: string, type: string, ...values: string[]): RecordSet => ({ ownerName: ownerName(name), type, ttlSeconds: 5, values });

  it('walks from the root and finds the same value at every server: published, with the evidence', async () => {
    const result = await look(set('same.shop.test', 'A', '192.0.2.1'));

    expect(result.conclusion).toMatchObject({ verdict: 'published', codes: ['expected_value'], warnings: [] });
    expect(result.seen.map((one) => one.address).sort()).toEqual([first.address, second.address].sort());
    expect(zonesOf(result).map((zone) => zone.zone)).toEqual(['shop.test.']);
  });

  it('asks again by TCP when the answer does not fit into UDP', async () => {
    const result = await look(set('big.shop.test', 'TXT', txtValue(big)));

    expect(result.conclusion.verdict).toBe('published');
    expect(result.seen.every((one) => one.answer.kind === 'answer' && one.answer.transport === 'tcp')).toBe(true);
  });

  it('is partial while a secondary lags', async () => {
    expect((await look(set('lagging.shop.test', 'A', '192.0.2.1'))).conclusion).toMatchObject({ verdict: 'partial', codes: ['expected_value', 'nxdomain', 'split_answers'] });
  });

  it('is conflicting when two servers say different things', async () => {
    expect((await look(set('split.shop.test', 'A', '192.0.2.10'))).conclusion).toMatchObject({ verdict: 'conflicting', codes: ['conflicting_value', 'expected_value', 'split_answers'] });
  });

  it('takes a flattened alias for what it stands for', async () => {
    expect((await look(set('flat.shop.test', 'CNAME', 'target.shop.test.'))).conclusion).toMatchObject({ verdict: 'published', codes: ['flattened_equivalent'] });
  });

  it('sees a wildcard as a resolver does', async () => {
    expect((await look(set('any.wild.shop.test', 'CNAME', 'target.shop.test.'))).conclusion.verdict).toBe('published');
  });

  it('does not count a lame server, and says unknown when there is no other', async () => {
    expect((await look(set('www.lame.test', 'A', '192.0.2.1'))).conclusion).toMatchObject({ verdict: 'unknown', codes: ['refused'] });
  });

  it('waits for a dead server', async () => {
    const result = await look(set('www.half.test', 'A', '192.0.2.1'));

    expect(result.conclusion).toMatchObject({ verdict: 'partial', codes: ['expected_value', 'unreachable'] });
  });

  it('says absent for a domain that nobody delegated', async () => {
    expect((await look(set('www.nowhere.test', 'A', '192.0.2.1'))).conclusion).toMatchObject({ verdict: 'absent', codes: ['nxdomain'] });
  });

  it('sees removed values gone', async () => {
    expect((await look(set('gone.shop.test', 'A', '192.0.2.1'), 'absent')).conclusion.verdict).toBe('absent');
    expect((await look(set('same.shop.test', 'A', '192.0.2.1'), 'absent')).conclusion.verdict).toBe('partial');
  });

  it('never asks an address that the outgoing policy refuses', async () => {
    const asker = new DnsNameServerAsker(createOutgoingPolicy({}), {}, systemClock);

    expect(await asker.ask('127.0.0.1', { ownerName: ownerName('.'), type: 'NS' }, new AbortController().signal)).toMatchObject({ kind: 'silence', why: 'denied' });
  });

  it('blames our own side when the roots are silent, too', async () => {
    const policy = createOutgoingPolicy({});
    const asker = new DnsNameServerAsker(policy, {}, systemClock);
    const walk = new WalkFromRoot(asker, ['127.0.0.1'], new DelegationCache(systemClock));
    const result = await new PropagationCheck(walk, asker, ['127.0.0.1'], systemClock).run({ expectation: 'present', recordSets: [set('www.shop.test', 'A', '192.0.2.1')], silences: {} }, new AbortController().signal);

    expect(result.conclusion).toMatchObject({ verdict: 'unknown', codes: ['our_side'] });
  });
});
