import { createOutgoingPolicy } from '@connect/adapters/transport';
import { ownerName, systemClock, type Clock, type RecordSet } from '@connect/domain';
import type { DnsWorld } from '@connect/local-parts';
import { PropagationCheck, type Look } from '../check/propagation-check.js';
import { DnsNameServerAsker } from '../infrastructure/dns-name-server-asker.js';
import { DnsResolverAsker } from '../infrastructure/dns-resolver-asker.js';
import { DelegationCache } from '../walk/delegation-cache.js';
import { WalkFromRoot } from '../walk/walk-from-root.js';
import { ChainOfTrust } from './chain-of-trust.js';
import { Diagnose, type Diagnosis } from './diagnose.js';
import { WildcardProbe } from './wildcard-probe.js';

export type Seen = { look: Look; diagnosis: Diagnosis };

/** One look with its diagnosis in a world of real servers, without memory of looks before. `judgeAt`: the time by which signatures are judged. */
export async function seeIn(world: DnsWorld, recordSet: RecordSet, more: { resolvers?: readonly { address: string; port: number }[]; judgeAt?: Clock } = {}): Promise<Seen> {
  const { signal } = new AbortController();
  const roots = [world.dnsRoots.split(':')[0]!];
  const portMap = Object.fromEntries(world.dnsPortMap.split(',').map((pair) => [pair.split('=')[0]!, Number(pair.split('=')[1])]));
  const asker = new DnsNameServerAsker(createOutgoingPolicy({ allow: ['127.0.0.0/8'] }), portMap, systemClock);
  const walk = new WalkFromRoot(asker, roots, new DelegationCache(systemClock));
  const look = await new PropagationCheck(walk, asker, roots, systemClock).run({ expectation: 'present', recordSets: [recordSet], silences: {} }, signal);
  const resolvers = new DnsResolverAsker((more.resolvers ?? []).map(({ address, port }) => ({ ip: address, port })));
  const diagnose = new Diagnose(new WildcardProbe(asker, systemClock), new ChainOfTrust(asker, more.judgeAt ?? systemClock), resolvers);
  return { look, diagnosis: await diagnose.run(look, { recordSets: [recordSet], visibleAtResolvers: null }, signal) };
}

export function setOf(name: string, type: string, ...values: string[]): RecordSet {
  return { ownerName: ownerName(name), type, ttlSeconds: 5, values };
}
