import { isWithin, labelsOf, ownerName, suffixesOf, type OwnerName } from '@connect/domain';
import type { AnswerRecord, NameServerAsker, ServerAnswer } from '../ports/name-server-asker.port.js';
import { withDeadline } from '../with-deadline.js';
import { zoneOf, type Delegation, type HostAddresses, type NameServer, type Walk } from './delegation.js';
import type { DelegationCache } from './delegation-cache.js';

const maxReferrals = 16;
const maxDepth = 4;
/** What a delegation says is up to its owner. More than real ones take: thirteen names fit into an old referral, and those of a large provider have some four addresses of a family. */
const maxNameServers = 16;
const maxAddressesOfFamily = 4;
const maxQuestions = 300;
/** For the addresses of one name server: where they cannot be had, there is time left for the others. */
const hostTimeoutMs = 3_000;
const unheard: HostAddresses = { A: null, AAAA: null };

/** A walk, with all the walks it takes to find the addresses of name servers: until when, and how much it may still ask. */
type Errand = { signal: AbortSignal; budget: { questionsLeft: number } };
type Reply = Extract<ServerAnswer, { kind: 'answer' }>;

/**
 * Finds the zone that holds a name by asking from the root down, as a resolver does (RFC 1034 5.3.3), without trusting any resolver.
 * Every question is non-recursive. Loops end by the number of referrals and by the depth of glueless name servers, and what leads to more and more name servers by
 * the number of questions.
 */
export class WalkFromRoot {
  constructor(private readonly asker: NameServerAsker, private readonly roots: readonly string[], private readonly cache: DelegationCache) {}

  walk(name: OwnerName, signal: AbortSignal): Promise<Walk> {
    return this.walkTo(name, errandUntil(signal), 0);
  }

  /** All addresses of a host, by a walk of its own. */
  addressesOf(host: OwnerName, signal: AbortSignal): Promise<HostAddresses> {
    return this.lookUp(host, errandUntil(signal), 0);
  }

  private async walkTo(name: OwnerName, errand: Errand, depth: number): Promise<Walk> {
    const known = this.cache.settled(name);
    if (known !== null) return known;
    const walk = await this.walkDown(name, errand, depth);
    if (walk.outcome === 'unreachable') return walk;
    const complete = depth === 0 ? { ...walk, chain: await this.withOwnNames(walk.chain, errand, depth) } : walk;
    if (depth === 0) this.cache.rememberWalk(name, complete);
    return complete;
  }

  private async walkDown(name: OwnerName, errand: Errand, depth: number): Promise<Walk> {
    const chain = [...(this.cache.deepest(name) ?? [this.root()])];
    for (let referrals = 0; referrals < maxReferrals; referrals++) {
      const here = chain.at(-1)!;
      const heard = await this.askAny(here.nameServers, { ownerName: name, type: 'NS' }, errand);
      if (heard === null) return { outcome: 'unreachable', chain };
      const below = referralFrom(heard.reply, name, here.zone);
      if (below === null) return this.settle(name, chain, heard, errand, depth);
      chain.push(await this.delegation(below, heard, errand, depth));
      this.cache.remember([...chain]);
    }
    return { outcome: 'unreachable', chain };
  }

  /** Adds the name servers that the zone itself names and its parent does not: they serve it, too. */
  private async withOwnNames(chain: Delegation[], errand: Errand, depth: number): Promise<Delegation[]> {
    const last = chain.at(-1)!;
    if (last.zone === '.' || last.leftOut > 0) return chain;
    const own = await this.askAny(last.nameServers, { ownerName: last.zone, type: 'NS' }, errand);
    const records = own?.reply.answers.filter((record) => record.type === 'NS' && record.ownerName === last.zone) ?? [];
    if (own === null) return withGap(chain);
    if (records.length === 0) return chain;
    const names = new Set(records.map((record) => ownerName(record.value)));
    const fromParent = last.nameServers.map((server): NameServer => ({ ...server, namedBy: names.has(server.name) ? 'both' : 'parent' }));
    const missing = records.filter((record) => !last.nameServers.some((server) => server.name === record.value));
    if (missing.length === 0) return [...chain.slice(0, -1), { ...last, nameServers: fromParent }];
    const added = await this.delegation(missing, own, errand, depth);
    const fromZone = added.nameServers.map((server): NameServer => ({ ...server, namedBy: 'zone' }));
    return [...chain.slice(0, -1), { ...last, nameServers: [...fromParent, ...fromZone], leftOut: added.leftOut, isWhole: last.isWhole && added.isWhole }];
  }

  private async lookUp(host: OwnerName, errand: Errand, depth: number): Promise<HostAddresses> {
    if (depth > maxDepth) return unheard;
    const zone = zoneOf(await this.walkTo(host, errand, depth + 1));
    if (zone === null) return unheard;
    const [a, aaaa] = await Promise.all([this.askAny(zone.nameServers, { ownerName: host, type: 'A' }, errand), this.askAny(zone.nameServers, { ownerName: host, type: 'AAAA' }, errand)]);
    const found = { A: addressesIn(a?.reply, 'A'), AAAA: addressesIn(aaaa?.reply, 'AAAA') };
    if ((found.A ?? []).length > 0 || (found.AAAA ?? []).length > 0) return found;
    const alias = [a, aaaa].flatMap((heard) => heard?.reply.answers ?? []).find((record) => record.type === 'CNAME');
    return alias === undefined ? found : this.lookUp(ownerName(alias.value), errand, depth + 1);
  }

  private root(): Delegation {
    return { zone: ownerName('.'), nameServers: [{ name: ownerName('.'), addresses: [...this.roots], namedBy: 'parent' }], leftOut: 0, isWhole: true, ttlSeconds: 3_600, from: 'settings' };
  }

  /** The last servers answered for themselves: perhaps they also hold a deeper zone (same servers for parent and child). */
  private async settle(name: OwnerName, chain: Delegation[], heard: { reply: Reply; from: string }, errand: Errand, depth: number): Promise<Walk> {
    const outcome = heard.reply.rcode === 'NXDOMAIN' ? 'no_such_domain' : 'found';
    const here = chain.at(-1)!;
    const apex = await this.apexAt(name, here, heard, errand);
    if (apex !== null && (apex === here.zone || !isWithin(apex, here.zone))) return { outcome, chain };
    const own = apex === null ? null : await this.askAny(here.nameServers, { ownerName: apex, type: 'NS' }, errand);
    if (own === null) return { outcome, chain: withGap(chain) };
    const nameServers = own.reply.answers.filter((record) => record.type === 'NS' && record.ownerName === apex);
    if (nameServers.length === 0) return { outcome, chain };
    chain.push(await this.delegation(nameServers, own, errand, depth));
    this.cache.remember([...chain]);
    return { outcome, chain };
  }

  /** The apex by the SOA that a negative or NS answer carries; behind a CNAME the SOA of the name above is asked for. */
  private async apexAt(name: OwnerName, here: Delegation, heard: { reply: Reply }, errand: Errand): Promise<OwnerName | null> {
    const known = soaOwner(heard.reply, name) ?? heard.reply.answers.find((record) => record.type === 'NS' && record.ownerName === name)?.ownerName;
    if (known !== undefined) return known;
    for (const candidate of suffixesOf(name).filter((suffix) => isWithin(suffix, here.zone))) {
      const asked = await this.askAny(here.nameServers, { ownerName: candidate, type: 'SOA' }, errand);
      const apex = asked === null ? undefined : soaOwner(asked.reply, name);
      if (apex !== undefined) return apex;
    }
    return null;
  }

  private async delegation(records: AnswerRecord[], heard: { reply: Reply; from: string }, errand: Errand, depth: number): Promise<Delegation> {
    const zone = records[0]!.ownerName;
    const glue = [...heard.reply.additionals, ...heard.reply.answers];
    const hosts = await Promise.all(records.slice(0, maxNameServers).map(async (record) => {
      const name = ownerName(record.value);
      const given = glue.filter((one) => one.ownerName === name);
      const known = { A: addressesOf(given, 'A'), AAAA: addressesOf(given, 'AAAA') };
      // A name server inside the zone can only be reached by glue; asking for it would walk in a circle.
      if (known.A.length > 0 || known.AAAA.length > 0 || isWithin(name, zone)) return { name, known };
      return { name, known: await withDeadline(errand.signal, hostTimeoutMs, (signal) => this.lookUp(name, { ...errand, signal }, depth + 1)) };
    }));
    return {
      zone, leftOut: records.length - hosts.length, ttlSeconds: Math.min(...records.map((record) => record.ttlSeconds)), from: heard.from,
      nameServers: hosts.map(({ name, known }) => ({ name, addresses: [...some(known.A ?? []), ...some(known.AAAA ?? [])], namedBy: 'parent' })),
      isWhole: hosts.every(({ known }) => known.A !== null && known.AAAA !== null),
    };
  }

  /** The first useful answer of any address, asked one after the other; refusals and lame servers are passed over. */
  private async askAny(servers: readonly NameServer[], question: { ownerName: OwnerName; type: string }, errand: Errand): Promise<{ reply: Reply; from: string } | null> {
    for (const address of interleaved(servers)) {
      if (errand.signal.aborted || errand.budget.questionsLeft === 0) return null;
      errand.budget.questionsLeft--;
      const answer = await this.asker.ask(address, question, errand.signal);
      if (answer.kind === 'answer' && (answer.rcode === 'NOERROR' || answer.rcode === 'NXDOMAIN') && isUseful(answer)) return { reply: answer, from: address };
    }
    return null;
  }
}

function errandUntil(signal: AbortSignal): Errand {
  return { signal, budget: { questionsLeft: maxQuestions } };
}

function withGap(chain: Delegation[]): Delegation[] {
  return [...chain.slice(0, -1), { ...chain.at(-1)!, isWhole: false }];
}

/** Null where the answer has none and comes from somebody who cannot say that there are none. */
function addressesIn(reply: Reply | undefined, type: 'A' | 'AAAA'): string[] | null {
  const found = addressesOf(reply?.answers ?? [], type);
  return found.length > 0 || reply?.authoritative === true ? found : null;
}

function addressesOf(records: readonly AnswerRecord[], type: 'A' | 'AAAA'): string[] {
  return records.filter((record) => record.type === type).map((record) => record.value);
}

/** Each address once, and no more than are needed: any of them is the name server. */
function some(addresses: readonly string[]): string[] {
  return [...new Set(addresses)].slice(0, maxAddressesOfFamily);
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

/** A server that also holds the target of an alias adds the target's SOA record. */
function soaOwner(reply: Reply, name: OwnerName): OwnerName | undefined {
  return [...reply.answers, ...reply.authorities].find((record) => record.type === 'SOA' && isWithin(name, record.ownerName))?.ownerName;
}
