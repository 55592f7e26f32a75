import type { z } from 'zod';
import { ProviderError, labelsOf, type OwnerName, type ProviderErrorCode } from '@connect/domain';
import { at, childrenOf, parseXml, type XmlElement } from '../../base/index.js';
import type { ProviderPorts } from '../../spi/index.js';
import { toFields, type HostList } from './convert.js';
import type { NamecheapCredential } from './credential.js';
import { errorOf, statusErrorOf } from './errors.js';
import { DomainRow, HostRow, HostsAnswer, HostsWritten, NameServersAnswer, SrvRow } from './schema.js';

const api = 'https://api.namecheap.com/xml.response';
const domainsPerPage = 100;
/** Refusals that a later call may not meet. */
const momentary: readonly ProviderErrorCode[] = ['rate_limited', 'provider_unavailable'];

/** One method per command of https://www.namecheap.com/support/api/methods/. Always POST: a URL is too short for a zone, and no place for a key. */
export class NamecheapClient {
  constructor(private readonly credential: NamecheapCredential, private readonly ports: Pick<ProviderPorts, 'http' | 'clock'>) {}

  /** https://www.namecheap.com/support/api/methods/domains-dns/get-list/; works for domains that are shared with the account, too. */
  async nameServers(domain: OwnerName, signal: AbortSignal): Promise<z.infer<typeof NameServersAnswer>> {
    const answer = await this.call('namecheap.domains.dns.getList', splitOf(domain), signal);
    return fit(NameServersAnswer, at(answer, 'DomainDNSGetListResult'));
  }

  /** https://www.namecheap.com/support/api/methods/domains/get-list/; every page. Domains that are only shared may be missing. */
  async domains(signal: AbortSignal): Promise<DomainRow[]> {
    const domains: DomainRow[] = [];
    for (let page = 1; ; page++) {
      const answer = await this.call('namecheap.domains.getList', { ListType: 'ALL', Page: String(page), PageSize: String(domainsPerPage), SortBy: 'NAME' }, signal);
      const list = at(answer, 'DomainGetListResult');
      const total = Number(at(answer, 'Paging', 'TotalItems')?.text);
      if (list === undefined || !Number.isInteger(total)) throw misfit('DomainGetListResult');
      const rows = childrenOf(list, 'Domain');
      domains.push(...rows.map((row) => fit(DomainRow, row)));
      if (domains.length >= total || rows.length === 0) return domains;
    }
  }

  /** https://www.namecheap.com/support/api/methods/domains-dns/get-hosts/; the whole zone, without SRV. */
  async hosts(domain: OwnerName, signal: AbortSignal): Promise<HostList & { isOurDns: boolean }> {
    const result = at(await this.call('namecheap.domains.dns.getHosts', splitOf(domain), signal), 'DomainDNSGetHostsResult');
    const { EmailType: emailType, IsUsingOurDNS: isOurDns } = fit(HostsAnswer, result);
    const rows = result!.children.filter(({ name }) => name.toLowerCase() === 'host');
    return { emailType, isOurDns, hosts: rows.map((row) => fit(HostRow, row)) };
  }

  /**
   * The SRV records of the zone, a list of its own. Not documented: Namecheap's support named the command (https://github.com/DNSControl/dnscontrol/issues/3680, used
   * since PR 4511). Where it is refused for good nobody can know them, and there are none.
   */
  async srvRows(domain: OwnerName, signal: AbortSignal): Promise<SrvRow[]> {
    const answer = await this.answerTo('namecheap.domains.dns.getsrvrecords', splitOf(domain), signal);
    if (!(answer instanceof ProviderError)) return srvRowsOf(answer);
    if (momentary.includes(answer.code)) throw answer;
    return [];
  }

  /** https://www.namecheap.com/support/api/methods/domains-dns/set-hosts/; replaces the zone: what is not in the call is deleted. */
  async setHosts(domain: OwnerName, list: HostList, signal: AbortSignal): Promise<void> {
    const answer = await this.call('namecheap.domains.dns.setHosts', { ...splitOf(domain), ...toFields(list) }, signal, true);
    if (!fit(HostsWritten, at(answer, 'DomainDNSSetHostsResult')).IsSuccess) throw new ProviderError('outcome_unknown', { detail: 'they answer OK, and that it was no success' });
  }

  private async call(...given: Parameters<NamecheapClient['answerTo']>): Promise<XmlElement> {
    const answer = await this.answerTo(...given);
    if (answer instanceof ProviderError) throw answer;
    return answer;
  }

  /** What they answer, or as what they refuse. Throws where it is no answer of theirs. */
  private async answerTo(command: string, fields: Record<string, string>, signal: AbortSignal, write = false): Promise<XmlElement | ProviderError> {
    const { apiUser, apiKey, clientIp } = this.credential;
    const body = new URLSearchParams({ ApiUser: apiUser, ApiKey: apiKey, UserName: apiUser, ClientIp: clientIp, Command: command, ...fields }).toString();
    const answer = await this.ports.http.request({ method: 'POST', url: api, headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/xml' }, body, safe: !write }, signal);
    const refused = statusErrorOf(answer, { write, now: this.ports.clock.now() });
    if (refused !== null) return refused;
    const response = parseXml(answer.text);
    if (response.name !== 'ApiResponse') throw misfit('ApiResponse');
    if (response.attributes['Status'] === 'ERROR') return errorOf(response, { write });
    const result = at(response, 'CommandResponse');
    if (response.attributes['Status'] !== 'OK' || result === undefined) throw misfit('CommandResponse');
    return result;
  }
}

/** `example.co.uk.` → SLD `example`, TLD `co.uk`: zones are registrable domains, so the first label is the name, and the rest the suffix. */
function splitOf(domain: OwnerName): { SLD: string; TLD: string } {
  const [name, ...suffix] = labelsOf(domain);
  return { SLD: name ?? '', TLD: suffix.join('.') };
}

/** Fields are elements here. The recorded rows are called `Records`; the client that recorded them looks for `Result`, so the name does not count. */
export function srvRowsOf(answer: XmlElement): SrvRow[] {
  const rows = at(answer, 'Result')?.children.filter(({ children }) => children.length > 0) ?? [];
  return rows.map(({ name, children }) => fit(SrvRow, { name, attributes: Object.fromEntries(children.map((field) => [field.name, field.text])) }));
}

function fit<Schema extends z.ZodType>(schema: Schema, element: Pick<XmlElement, 'name' | 'attributes'> | undefined): z.infer<Schema> {
  const parsed = schema.safeParse(element?.attributes);
  if (!parsed.success) throw misfit(`${element?.name ?? 'a missing element'} ${parsed.error.issues[0]?.path.join('.') ?? ''}`);
  return parsed.data;
}

function misfit(place: string): ProviderError {
  return new ProviderError('provider_protocol', { detail: `the answer does not fit at ${place.trim()}` });
}
