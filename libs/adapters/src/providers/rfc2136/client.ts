import { ProviderError, isWithin, type OwnerName } from '@connect/domain';
import type { DnsRecord, Prerequisite, ProviderPorts, QueryAnswer, UpdateAnswer, UpdateOperation } from '../../spi/index.js';
import type { Rfc2136Credential } from './credential.js';
import { errorOf } from './errors.js';
import { typesAskedFor } from './schema.js';

/** The messages of RFC 2136, 8945 and 5936 that we send, each to the one server of the credential. */
export class Rfc2136Client {
  constructor(private readonly credential: Rfc2136Credential, private readonly ports: Pick<ProviderPorts, 'dns'>) {}

  /** SOA, signed. Names and rcode are trusted only if the answer is signed. */
  soa(name: OwnerName, signal: AbortSignal): Promise<QueryAnswer> {
    return this.query(name, 'SOA', signal);
  }

  query(name: OwnerName, type: string, signal: AbortSignal): Promise<QueryAnswer> {
    const { server, key } = this.credential;
    return this.ports.dns.query(server, { ownerName: name, type }, key, signal);
  }

  /** RFC 2136 3: prerequisites first, then all operations in order, or nothing. */
  update(zone: OwnerName, prerequisites: Prerequisite[], operations: UpdateOperation[], signal: AbortSignal): Promise<UpdateAnswer> {
    const { server, key } = this.credential;
    return this.ports.dns.update(server, zone, prerequisites, operations, key, signal);
  }

  /** RFC 5936. `null`: the key may not transfer the zone. */
  async transfer(zone: OwnerName, signal: AbortSignal): Promise<DnsRecord[] | null> {
    const { server, key } = this.credential;
    const answer = await this.ports.dns.transfer(server, zone, key, signal);
    if ('records' in answer) return answer.records;
    const { rcode, tsigError } = answer.refused;
    // Knot names a policy that forbids the transfer BADKEY; a really wrong key shows at the next question.
    const notAllowed = (rcode === 'REFUSED' && tsigError === null) || (rcode === 'NOTAUTH' && (tsigError === null || tsigError === 'BADKEY'));
    if (notAllowed) return null;
    throw errorOf(answer.refused, { keyIsKnownGood: false }) ?? new ProviderError('provider_protocol', { detail: 'the server answers a transfer with NOERROR and without records' });
  }

  /**
   * All sets of one name that we know to ask for. A wildcard would answer for a name that does not exist, so the server is first asked, by an
   * update that only has a prerequisite and changes nothing, whether anything is at the name.
   */
  async name(zone: OwnerName, name: OwnerName, signal: AbortSignal): Promise<DnsRecord[]> {
    const inUse = await this.update(zone, [{ kind: 'name_in_use', ownerName: name }], [], signal);
    if (inUse.rcode === 'NXDOMAIN') return [];
    const refusal = errorOf(inUse, { keyIsKnownGood: false });
    if (refusal !== null) throw refusal;
    const answers = await Promise.all(typesAskedFor.map((type) => this.query(name, type, signal)));
    const refused = answers.map((answer) => errorOf(answer, { keyIsKnownGood: true })).find((error) => error !== null);
    if (refused !== undefined) throw refused;
    return answers.flatMap((answer, at) => answer.answers.filter((record) => record.ownerName === name && record.type === typesAskedFor[at] && isWithin(name, zone)));
  }
}
