/** What Namecheap makes of a host list, from its documentation, its own client and what others have met; nothing of the adapter is used here. */
export type FakeHost = { hostId: string; name: string; type: string; address: string; mxPref: string; ttl: string; isActive: boolean; isDdns: boolean; friendlyName: string };
export type FakeHostInput = Pick<FakeHost, 'name' | 'type' | 'address'> & Partial<FakeHost>;
export type FakeSrv = { service: string; protocol: string; priority: number; weight: number; port: number; target: string };
export type FakeDomain = { name: string; emailType: string; isOurDns: boolean; isExpired: boolean; hosts: FakeHost[]; /** Made in the console: a list of its own, of which getHosts and setHosts know nothing. */ hiddenSrv: FakeSrv[]; rowLimit: number; owner: string; sharedWith: string[] };

let ids = 217_000;
const types = new Set(['A', 'AAAA', 'ALIAS', 'CAA', 'CNAME', 'MX', 'MXE', 'NS', 'TXT', 'URL', 'URL301', 'FRAME']);
const withDot = new Set(['CNAME', 'MX', 'ALIAS', 'NS']);

export function hostOf(input: FakeHostInput): FakeHost {
  return { mxPref: '10', ttl: '1799', isActive: true, isDdns: false, friendlyName: '', ...input, type: input.type.toUpperCase(), hostId: String(++ids), address: withDot.has(input.type) && !input.address.endsWith('.') ? `${input.address}.` : input.address };
}

/** What stands in a zone that holds nothing: a new domain, or one after an empty setHosts. */
export function parkingRows(domain: string): FakeHost[] {
  return [hostOf({ name: 'www', type: 'CNAME', address: 'parkingpage.namecheap.com.', ttl: '1800' }), hostOf({ name: '@', type: 'URL', address: `http://www.${domain}/`, ttl: '1800' })];
}

export type SetHosts = { hosts: FakeHost[]; emailType: string } | { number: string; message: string };

/** A setHosts: reads the numbered fields up to the first gap; what is not there is gone. */
export function setHosts(fields: URLSearchParams, domain: FakeDomain): SetHosts {
  const given = (name: string): string | null => fields.get(name.toLowerCase());
  const hosts: FakeHost[] = [];
  for (let n = 1; given(`HostName${n}`) !== null; n++) {
    const host = hostOf({ name: given(`HostName${n}`)!, type: given(`RecordType${n}`) ?? '', address: given(`Address${n}`) ?? '', mxPref: given(`MXPref${n}`) ?? '10', ttl: given(`TTL${n}`) ?? '1799' });
    const refusal = refusalOf(host);
    if (refusal !== null) return { number: '2050900', message: `${refusal} (record ${n})` };
    hosts.push(host);
  }
  if (hosts.length > domain.rowLimit) return { number: '2050901', message: `The domain has at most ${domain.rowLimit} host records` };
  const emailType = (given('EmailType') ?? 'NONE').toUpperCase();
  if (!['NONE', 'MX', 'MXE', 'FWD', 'OX', 'GMAIL'].includes(emailType)) return { number: '2015280', message: 'EmailType is invalid' };
  const kept = hosts.filter(({ type }) => type !== 'MX' || ['MX', 'OX', 'GMAIL'].includes(emailType));
  return { hosts: kept.length === 0 ? parkingRows(domain.name) : kept, emailType };
}

function refusalOf({ name, type, address, mxPref, ttl }: FakeHost): string | null {
  if (!types.has(type)) return 'RecordType is invalid';
  if (address === '' || address === '.') return 'Address is invalid';
  if (name === '' || name.split('.').some((label) => label.length > 63)) return 'HostName is invalid';
  if (!/^\d+$/.test(ttl) || Number(ttl) < 60 || Number(ttl) > 60_000) return 'TTL is invalid';
  if (type === 'MX' && (!/^\d+$/.test(mxPref) || Number(mxPref) > 255)) return 'MXPref is invalid';
  if (type === 'A' && !/^(\d{1,3}\.){3}\d{1,3}$/.test(address)) return 'Address is not an IPv4 address';
  if (type === 'AAAA' && !URL.canParse(`http://[${address}]/`)) return 'Address is not an IPv6 address';
  if (type === 'TXT' && address.includes('"')) return 'Address has double quotes';
  if (type === 'CAA' && !/^\d{1,3} (issue|issuewild|iodef) ".*"$/.test(address)) return 'Address is not a CAA value';
  if (type === 'CAA' && / iodef "(?!mailto:|https?:\/\/)/.test(address)) return 'The iodef value has no scheme';
  if (['URL', 'URL301', 'FRAME'].includes(type) && !/^https?:\/\//.test(address)) return 'Address is not a URL';
  return type === 'NS' && name === '@' ? 'NS of the domain itself are set elsewhere' : null;
}
