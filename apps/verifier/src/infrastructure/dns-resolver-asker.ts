import { DnsClientError, exchange, type DnsAddress, type DnsAnswer, type DnsRecord } from '@connect/dns-client';
import { observationCatalogue, ownerName, sameValue, type ObservationCode, type OwnerName, type RecordSet } from '@connect/domain';
import { classify } from '../check/classify.js';
import { askedType } from '../walk/delegation.js';
import type { ResolverAsker, ResolverSight } from '../ports/resolver-asker.port.js';

const resolverTimeoutMs = 3_000;

/** Asks recursive resolvers as a customer's machine does. What they remember ends by their own account of it. */
export class DnsResolverAsker implements ResolverAsker {
  constructor(private readonly resolvers: readonly DnsAddress[]) {}

  async show(recordSets: readonly RecordSet[], signal: AbortSignal): Promise<ResolverSight[]> {
    return Promise.all(this.resolvers.flatMap((resolver) => recordSets.map((set) => this.sight(resolver, set, signal))));
  }

  private async sight(resolver: DnsAddress, recordSet: RecordSet, signal: AbortSignal): Promise<ResolverSight> {
    const sight = { resolver: resolver.ip, recordSet };
    const name = recordSet.ownerName;
    const answer = await this.ask(resolver, name, askedType(recordSet), signal);
    if (answer === null) return { ...sight, code: 'unreachable', rcode: 'timeout', answers: [], secondsLeft: null };
    const { rcode } = answer;
    if (rcode === 'SERVFAIL') return { ...sight, code: await this.whyServfail(resolver, recordSet, signal), rcode, answers: [], secondsLeft: null };
    const code = codeOf(recordSet, answer);
    if (askedType(recordSet) !== 'CNAME' || code !== 'missing_value') return { ...sight, rcode, answers: answer.answers, ...remembered(name, answer, code) };
    const [own, target] = await Promise.all([this.addressesOf(resolver, name, signal), this.addressesOf(resolver, ownerName(recordSet.values[0] ?? '.'), signal)]);
    const served = own.flatMap((one) => one.answers).filter((record) => record.type === 'A' || record.type === 'AAAA');
    if (served.length === 0) return { ...sight, rcode, answers: [], ...remembered(name, answer, code) };
    const isFlattened = served.some((record) => target.some((one) => one.answers.some((other) => other.type === record.type && sameValue(record.type, other.value, record.value))));
    return { ...sight, rcode, answers: served, ...(isFlattened ? { code: 'flattened_equivalent', secondsLeft: null } : { code: 'old_value_cached', secondsLeft: shortest(served) }) };
  }

  /** A resolver that validates answers SERVFAIL for what does not hold, and gives the data when it is asked not to check (RFC 4035 3.2.2). */
  private async whyServfail(resolver: DnsAddress, { ownerName: name, type }: RecordSet, signal: AbortSignal): Promise<ObservationCode> {
    const unchecked = await this.ask(resolver, name, type === 'ALIAS' ? 'A' : type, signal, { checkingDisabled: true });
    return unchecked?.rcode === 'NOERROR' ? 'dnssec_bogus' : 'servfail';
  }

  private async addressesOf(resolver: DnsAddress, name: OwnerName, signal: AbortSignal): Promise<DnsAnswer[]> {
    return (await Promise.all((['A', 'AAAA'] as const).map((type) => this.ask(resolver, name, type, signal)))).filter((answer) => answer !== null);
  }

  private async ask(resolver: DnsAddress, name: OwnerName, type: string, signal: AbortSignal, more: { checkingDisabled?: boolean } = {}): Promise<DnsAnswer | null> {
    try {
      return await exchange(resolver, { ownerName: name, type, recursionDesired: true, ...more }, { signal, udpTimeoutMs: resolverTimeoutMs });
    } catch (error) {
      if (error instanceof DnsClientError) return null;
      throw error;
    }
  }
}

/** As if it were the answer of a name server: a resolver has no authority, and shows the same records. */
function codeOf(set: RecordSet, answer: DnsAnswer): ObservationCode {
  return classify(set, { kind: 'answer', ...answer, authoritative: true });
}

/** What differs from all name servers is what the resolver remembers: a negative answer as long as its SOA says (RFC 2308 5), data as long as their TTL. */
function remembered(name: OwnerName, answer: DnsAnswer, code: ObservationCode): Pick<ResolverSight, 'code' | 'secondsLeft'> {
  if (observationCatalogue[code].effect !== 'blocks') return { code, secondsLeft: null };
  const own = answer.answers.filter((record) => record.ownerName === name);
  if (own.length > 0) return { code: 'old_value_cached', secondsLeft: shortest(own) };
  const soa = answer.authorities.find((record) => record.type === 'SOA');
  return { code: 'negative_cached', secondsLeft: soa === undefined ? null : Math.min(soa.ttlSeconds, Number(soa.value.split(' ')[6])) };
}

function shortest(records: readonly DnsRecord[]): number {
  return Math.min(...records.map((record) => record.ttlSeconds));
}
