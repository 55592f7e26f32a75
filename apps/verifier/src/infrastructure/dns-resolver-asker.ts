import { DnsClientError, exchange, type DnsAddress } from '@connect/dns-client';
import { without, type RecordSet } from '@connect/domain';
import type { ResolverAsker } from '../ports/resolver-asker.port.js';

const resolverTimeoutMs = 3_000;

/** Asks recursive resolvers as a customer's machine does: visible is what every one of them that answers shows. */
export class DnsResolverAsker implements ResolverAsker {
  constructor(private readonly resolvers: readonly DnsAddress[]) {}

  async show(recordSets: readonly RecordSet[], signal: AbortSignal): Promise<boolean | null> {
    const shown = await Promise.all(this.resolvers.flatMap((resolver) => recordSets.map((set) => this.shows(resolver, set, signal))));
    const heard = shown.filter((one) => one !== null);
    return heard.length === 0 ? null : heard.every(Boolean);
  }

  private async shows(resolver: DnsAddress, set: RecordSet, signal: AbortSignal): Promise<boolean | null> {
    try {
      const answer = await exchange(resolver, { ownerName: set.ownerName, type: set.type, recursionDesired: true }, { signal, udpTimeoutMs: resolverTimeoutMs });
      if (answer.rcode !== 'NOERROR' && answer.rcode !== 'NXDOMAIN') return null;
      return without(set.type, set.values, answer.answers.filter((record) => record.type === set.type).map((record) => record.value)).length === 0;
    } catch (error) {
      if (error instanceof DnsClientError) return null;
      throw error;
    }
  }
}
