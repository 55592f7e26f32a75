import { isWithin, labelsOf, ownerName, suffixesOf, type OwnerName } from '@connect/domain';
import type { AnswerRecord, NameServerAsker, ServerAnswer } from '../ports/name-server-asker.port.js';
import { zoneOf, type Delegation, type NameServer, type Walk } from './delegation.js';
import type { DelegationCache } from './delegation-cache.js';

const maxReferrals = 16;
const maxDepth = 4;

type Reply = Extract<ServerAnswer, { kind: 'answer' }>;

/**
 * Finds the zone that holds a name by asking from the root down, as a resolver does (RFC 1034 5.3.3), without trusting any resolver.
 * Every question is non-recursive. Loops end by the number of referrals and by the depth of glueless name servers.
 */
export class WalkFromRoot {
  constructor(private readonly asker: NameServerAsker, private readonly roots: readonly string[], private readonly cache: DelegationCache) {}

  async walk(name: OwnerName, signal: AbortSignal, depth = 0): Promise<Walk> {
    const known = this.cache.settled(name);
    if (known !== null) return known;
    const walk = await this.walkDown(name, signal, depth);
    if (walk.outcome === 'unreachable') return walk;
    const complete = depth === 0 ? { ...walk, chain: await this.withOwnNames(walk.chain, signal, depth) } : walk;
    if (depth === 0) this.cache.rememberWalk(name, complete);
    return complete;
  }

  private async walkDown(name: OwnerName, signal: AbortSignal, depth: number): Promise<Walk> {
    const chain = [...(this.cache.deepest(name) ?? [this.root()])];
    for (let referrals = 0; referrals < maxReferrals; referrals++) {
      const here = chain.at(-1)!;
      const heard = await this.askAny(here.nameServers, { ownerName: name, type: 'NS' }, signal);
      if (heard === null) return { outcome: 'unreachable', chain };
      const below = referralFrom(heard.reply, name, here.zone);
      if (below === null) return this.settle(name, chain, heard, signal, depth);
      chain.push(await this.delegation(below, heard, signal, depth));
      this.cache.remember([...chain]);
    }
    return { outcome: 'unreachable', chain };
  }

  /** Adds the name servers that the zone itself names and its parent does not: they serve it, too. */
  private async withOwnNames(chain: Delegation[], signal: AbortSignal, depth: number): Promise<Delegation[]> {
    const last = chain.at(-1)!;
    if (last.zone === '.') return chain;
    const own = await this.askAny(last.nameServers, { ownerName: last.zone, type: 'NS' }, signal);
    const records = own?.reply.answers.filter((record) => record.type === 'NS' && record.ownerName === last.zone) ?? [];
    if (own === null || records.length === 0) return chain;
    const names = new Set(records.map((record) => ownerName(record.value)));
    const fromParent = last.nameServers.map((server): NameServer => ({ ...server, namedBy: names.has(server.name) ? 'both' : 'parent' }));
    const missing = records.filter((record) => !last.nameServers.some((server) => server.name === record.value));
    const fromZone = missing.length === 0 ? [] : (await this.delegation(missing, own, signal, depth)).nameServers.map((server): NameServer => ({ ...server, namedBy: 'zone' }));
    return [...chain.slice(0, -1), { ...last, nameServers: [...fromParent, ...fromZone] }];
  }

  /** All addresses of a host, by a walk of its own. Empty where there are none or none can be had. */
  async addressesOf(host: OwnerName, signal: AbortSignal, depth = 0): Promise<string[]> {
    if (depth > maxDepth) return [];
    const zone = zoneOf(await this.walk(host, signal, depth + 1));
    if (zone === null) return [];
    const replies = await Promise.all((['A', 'AAAA'] as const).map((type) => this.askAny(zone.nameServers, { ownerName: host, type }, signal)));
    const answers = replies.flatMap((heard) => heard?.reply.answers ?? []);
    const found = answers.filter((record) => record.type === 'A' || record.type === 'AAAA').map((record) => record.value);
    if (found.length > 0) return found;
    const alias = answers.find((record) => record.type === 'CNAME');
    return alias === undefined ? [] : this.addressesOf(ownerName(alias.value), signal, depth + 1);
  }

  private root(): Delegation {
    return { zone: ownerName('.'), nameServers: [{ name: ownerName('.'), addresses: [...this.roots], namedBy: 'parent' }], ttlSeconds: 3_600, from: 'settings' };
  }

  /** The last servers answered for themselves: perhaps they also hold a deeper zone (same servers for parent and child). */
  private async settle(name: OwnerName, chain: Delegation[], heard: { reply: Reply; from: string }, signal: AbortSignal, depth: number): Promise<Walk> {
    const outcome = heard.reply.rcode === 'NXDOMAIN' ? 'no_such_domain' : 'found';
    const here = chain.at(-1)!;
    const apex = await this.apexAt(name, here, heard, signal);
    if (apex === null || apex === here.zone || !isWithin(apex, here.zone)) return { outcome, chain };
    const own = await this.askAny(here.nameServers, { ownerName: apex, type: 'NS' }, signal);
    const nameServers = own?.reply.answers.filter((record) => record.type === 'NS' && record.ownerName === apex) ?? [];
    if (own === null || nameServers.length === 0) return { outcome, chain };
    chain.push(await this.delegation(nameServers, own, signal, depth));
    this.cache.remember([...chain]);
    return { outcome, chain };
  }

  /** The apex by the SOA that a negative or NS answer carries; behind a CNAME the SOA of the name above is asked for. */
  private async apexAt(name: OwnerName, here: Delegation, heard: { reply: Reply }, signal: AbortSignal): Promise<OwnerName | null> {
    const known = soaOwner(heard.reply) ?? heard.reply.answers.find((record) => record.type === 'NS' && record.ownerName === name)?.ownerName;
    if (known !== undefined) return known;
    for (const candidate of suffixesOf(name).filter((suffix) => isWithin(suffix, here.zone))) {
      const asked = await this.askAny(here.nameServers, { ownerName: candidate, type: 'SOA' }, signal);
      const apex = asked === null ? undefined : soaOwner(asked.reply);
      if (apex !== undefined) return apex;
    }
    return null;
  }

  private async delegation(records: AnswerRecord[], heard: { reply: Reply; from: string }, signal: AbortSignal, depth: number): Promise<Delegation> {
    const zone = records[0]!.ownerName;
    const glue = [...heard.reply.additionals, ...heard.reply.answers];
    const nameServers = await Promise.all(records.map(async (record): Promise<NameServer> => {
      const name = ownerName(record.value);
      const given = glue.filter((one) => one.ownerName === name && (one.type === 'A' || one.type === 'AAAA')).map((one) => one.value);
      // A name server inside the zone can only be reached by glue; asking for it would walk in a circle.
      const addresses = given.length > 0 || isWithin(name, zone) ? given : await this.addressesOf(name, signal, depth + 1);
      return { name, addresses: [...new Set(addresses)], namedBy: 'parent' };
    }));
    return { zone, nameServers, ttlSeconds: Math.min(...records.map((record) => record.ttlSeconds)), from: heard.from };
  }

  /** The first useful answer of any address, asked one after the other; refusals and lame servers are passed over. */
  private async askAny(servers: readonly NameServer[], question: { ownerName: OwnerName; type: string }, signal: AbortSignal): Promise<{ reply: Reply; from: string } | null> {
    for (const address of interleaved(servers)) {
      if (signal.aborted) return null;
      const answer = await this.asker.ask(address, question, signal);
      if (answer.kind === 'answer' && (answer.rcode === 'NOERROR' || answer.rcode === 'NXDOMAIN') && isUseful(answer)) return { reply: answer, from: address };
    }
    return null;
  }
}

/** One address of each server first, then the second ones. */
function interleaved(servers: readonly NameServer[]): string[] {
  const rounds = Math.max(0, ...servers.map((server) => server.addresses.length));
  return Array.from({ length: rounds }, (_, round) => servers.flatMap((server) => server.addresses[round] ?? [])).flat();
}

/** An upward or empty referral without authority is a lame server's answer. */
function isUseful(reply: Reply): boolean {
  return reply.authoritative || reply.authorities.some((record) => record.type === 'NS' && record.ownerName !== '.');
}

function referralFrom(reply: Reply, name: OwnerName, zone: OwnerName): AnswerRecord[] | null {
  if (reply.authoritative || reply.rcode !== 'NOERROR') return null;
  const records = reply.authorities.filter((record) => record.type === 'NS' && isWithin(name, record.ownerName) && record.ownerName !== zone && isWithin(record.ownerName, zone));
  if (records.length === 0) return null;
  const deepest = Math.max(...records.map((record) => labelsOf(record.ownerName).length));
  return records.filter((record) => labelsOf(record.ownerName).length === deepest);
}

function soaOwner(reply: Reply): OwnerName | undefined {
  return [...reply.answers, ...reply.authorities].find((record) => record.type === 'SOA')?.ownerName;
}
