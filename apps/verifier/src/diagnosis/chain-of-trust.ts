import { checkSet, checkZoneKeys, keysOf, readDs, type BogusReason, type Dnskey, type SignedSet } from '@connect/dns-client';
import { displayName, isWithin, type Clock, type OwnerName, type RecordSet } from '@connect/domain';
import type { SignedAsker } from '../ports/signed-asker.port.js';
import { askedType, type Delegation } from '../walk/delegation.js';
import type { Finding } from './finding.js';

/** How far trust reaches down a zone. `unknown`: nobody answered, so nothing is said. */
export type Link = { zone: OwnerName; status: 'secure' | 'insecure' | 'bogus' | 'unknown'; keys: Dnskey[]; detail: string | null };
export type Trust = { links: Link[]; findings: Finding[] };

const maxLinks = 20_000;
const maxAgeMs = 300_000;
/** Somebody may be repairing it. */
const maxAgeOfTroubleMs = 20_000;

const inWords: Record<BogusReason, string> = {
  no_keys: 'the zone is not signed', no_matching_key: 'none of the zone’s keys fits it', unsigned: 'there is no signature', expired: 'the signatures have expired', not_yet_valid: 'the signatures are not valid yet',
  unknown_key: 'the signatures are by a key that the zone does not have', wrong_signature: 'the signatures do not fit the data',
};

/**
 * Follows DNSSEC from the root down to the records, as a validating resolver does (RFC 4035 5), by asking the authoritative servers. The root's keys are taken as its
 * servers give them, and "there is no DS" without its proof: what is looked for are chains that broke by mistake, not forgery.
 */
export class ChainOfTrust {
  private readonly known = new Map<OwnerName, { link: Promise<Link>; until: number }>();

  constructor(private readonly asker: SignedAsker, private readonly clock: Clock) {}

  /** `chain` from the root to the zone that holds the record sets. */
  async check(chain: readonly Delegation[], recordSets: readonly RecordSet[], signal: AbortSignal): Promise<Trust> {
    const links: Link[] = [];
    for (const [depth, zone] of chain.entries()) {
      const above = links.at(-1);
      const link = above === undefined ? await this.remembered(zone.zone, () => this.root(zone, signal)) : await this.remembered(zone.zone, () => this.below(chain[depth - 1]!, above.keys, zone, signal));
      links.push(link);
      if (link.status !== 'secure') break;
    }
    const last = links.at(-1);
    if (last?.status === 'bogus') return { links, findings: recordSets.slice(0, 1).map(({ ownerName, type }) => finding(ownerName, type, last.detail ?? '')) };
    const zone = chain.at(-1);
    if (last?.status !== 'secure' || zone === undefined || last.zone !== zone.zone) return { links, findings: [] };
    return { links, findings: (await Promise.all(recordSets.map((set) => this.records(zone, last.keys, set, signal)))).filter((one) => one !== null) };
  }

  /** Many looks want the same link at once: the first one asks. */
  private async remembered(zone: OwnerName, find: () => Promise<Link>): Promise<Link> {
    const known = this.known.get(zone);
    if (known !== undefined && known.until > this.clock.monotonicMs()) return known.link;
    const asked = { link: find(), until: Number.POSITIVE_INFINITY };
    this.known.delete(zone);
    this.known.set(zone, asked);
    if (this.known.size > maxLinks) this.known.delete(this.known.keys().next().value ?? zone);
    const link = await asked.link;
    asked.until = link.status === 'unknown' ? 0 : this.clock.monotonicMs() + (link.status === 'bogus' ? maxAgeOfTroubleMs : maxAgeMs);
    return link;
  }

  private async root(zone: Delegation, signal: AbortSignal): Promise<Link> {
    for (const address of addressesOf(zone)) {
      const dnskeys = await this.fetch(address, zone.zone, 'DNSKEY', signal);
      if (dnskeys === 'silent') continue;
      return { zone: zone.zone, detail: null, ...(dnskeys === null ? { status: 'insecure', keys: [] } : { status: 'secure', keys: keysOf(dnskeys) }) };
    }
    return { zone: zone.zone, status: 'unknown', keys: [], detail: 'the root servers do not answer' };
  }

  private async below(parent: Delegation, parentKeys: readonly Dnskey[], zone: Delegation, signal: AbortSignal): Promise<Link> {
    const at = zone.zone;
    const dss = await this.firstOf(parent, at, 'DS', signal);
    if (dss === 'silent') return { zone: at, status: 'unknown', keys: [], detail: `no server of ${parent.zone} says whether there is a DS record` };
    if (dss === null) return { zone: at, status: 'insecure', keys: [], detail: 'no DS record at the parent' };
    const now = this.clock.now();
    const ofParent = checkSet(dss, parent.zone, parentKeys, now);
    if (ofParent.outcome === 'bogus') return { zone: at, status: 'bogus', keys: [], detail: `the DS record of ${at} does not hold in ${parent.zone} itself: ${inWords[ofParent.reason]}` };
    const wanted = dss.data.map(readDs).filter((ds) => ds !== null);
    let link: Link = { zone: at, status: 'unknown', keys: [], detail: `no server of ${at} gives its keys` };
    for (const address of addressesOf(zone)) {
      const dnskeys = await this.fetch(address, at, 'DNSKEY', signal);
      if (dnskeys === 'silent') continue;
      const check = checkZoneKeys(at, wanted, dnskeys, now);
      if (check.outcome !== 'bogus') return { zone: at, status: check.outcome, keys: check.outcome === 'secure' ? check.keys : [], detail: null };
      link = { zone: at, status: 'bogus', keys: [], detail: `the parent has a DS record for ${at} (key tag ${wanted.map((ds) => ds.keyTag).join(', ')}), but ${inWords[check.reason]}` };
    }
    return link;
  }

  /** Each server is asked: a secondary may serve signatures that its primary has renewed long ago. */
  private async records(zone: Delegation, keys: readonly Dnskey[], set: RecordSet, signal: AbortSignal): Promise<Finding | null> {
    const now = this.clock.now();
    const failures = await Promise.all(zone.nameServers.map(async (server) => {
      const [address] = server.addresses;
      const given = address === undefined ? 'silent' : await this.given(address, set, signal);
      if (given === 'silent' || given === null) return null;
      const check = checkSet(given, zone.zone, keys, now);
      return check.outcome === 'bogus' ? `${inWords[check.reason]} at ${displayName(server.name)}` : null;
    }));
    const heard = failures.filter((failure) => failure !== null);
    return heard.length === 0 ? null : finding(set.ownerName, set.type, heard.join(', '));
  }

  /** Of a flattened alias there are addresses only. */
  private async given(address: string, set: RecordSet, signal: AbortSignal): Promise<SignedSet | null | 'silent'> {
    const own = await this.fetch(address, set.ownerName, askedType(set), signal);
    return own === null && askedType(set) === 'CNAME' ? this.fetch(address, set.ownerName, 'A', signal) : own;
  }

  private async firstOf(zone: Delegation, name: OwnerName, type: string, signal: AbortSignal): Promise<SignedSet | null | 'silent'> {
    for (const address of addressesOf(zone)) {
      const set = await this.fetch(address, name, type, signal);
      if (set !== 'silent') return set;
    }
    return 'silent';
  }

  /** Null: an authoritative answer without the set. */
  private async fetch(address: string, name: OwnerName, type: string, signal: AbortSignal): Promise<SignedSet | null | 'silent'> {
    const answer = await this.asker.askSigned(address, { ownerName: name, type }, signal);
    if (answer.kind === 'silence' || !answer.authoritative || (answer.rcode !== 'NOERROR' && answer.rcode !== 'NXDOMAIN')) return 'silent';
    return answer.sets.find((set) => set.ownerName === name && set.type === type && set.data.length > 0) ?? null;
  }
}

/** Which of a look's record sets the zone at the end of a chain holds. */
export function heldBy(chain: readonly Delegation[], recordSets: readonly RecordSet[], all: readonly (readonly Delegation[])[]): RecordSet[] {
  const zone = chain.at(-1)?.zone;
  if (zone === undefined) return [];
  const deeper = all.map((other) => other.at(-1)?.zone).filter((other) => other !== undefined && other !== zone && isWithin(other, zone));
  return recordSets.filter((set) => isWithin(set.ownerName, zone) && !deeper.some((other) => other !== undefined && isWithin(set.ownerName, other)));
}

/** In the order in which the walk found them; one or two are enough to hear, the others are there for when those are silent. */
function addressesOf(zone: Delegation): string[] {
  return zone.nameServers.flatMap((server) => server.addresses);
}

function finding(ownerName: string, type: string, detail: string): Finding {
  return { code: 'dnssec_bogus', ownerName, type, detail, expectedBy: null };
}
