import { startFakeServer, type FakeAnswer, type FakeFaultRule, type FakeRequest, type FakeServer } from '../../conformance/index.js';
import { hostOf, parkingRows, setHosts, type FakeDomain, type FakeHost, type FakeHostInput } from './namecheap-hosts.fake.js';

export type FakeDomainInput = Partial<Omit<FakeDomain, 'hosts'>> & { name: string; hosts?: readonly FakeHostInput[] };
/** An account: its key, and the addresses that it allows. `access: false`: the API is not switched on. */
export type FakeAccount = { user: string; key: string; whitelist: readonly string[]; access?: boolean };

export type NamecheapFakeOptions = {
  port?: number;
  zones?: readonly FakeDomainInput[];
  /** `apiUser:apiKey:clientIp`, or accounts one by one. */
  credential: string | readonly FakeAccount[];
  faults?: readonly FakeFaultRule[];
  /** The address that we are seen from; default: the peer of the connection. */
  seenFrom?: string;
  /** Calls a minute, an hour, a day; beyond them HTTP 405. */
  rate?: { minute: number; hour: number; day: number };
  /** Racy: something happens between the check of a setHosts and its effect. */
  betweenCheckAndWrite?: () => Promise<void>;
  /** So many getHosts after a write still show what was before. */
  staleReads?: number;
  /** A setHosts that changes nothing but a preference has no effect. */
  ignoresPreference?: boolean;
  /** A setHosts erases the SRV rows, too. Whether it does is not known. */
  losesSrv?: boolean;
  /** The account does not know the command that shows them, as if it had never been. */
  hidesSrv?: boolean;
};

export type NamecheapFake = FakeServer & { domains: Map<string, FakeDomain>; addZone(zone: FakeDomainInput): FakeDomain };

/** Namecheap's XML API as far as DNS goes: one address, a command in the form, errors with HTTP 200. */
export async function startNamecheapFake(options: NamecheapFakeOptions): Promise<NamecheapFake> {
  const domains = new Map<string, FakeDomain>();
  const accounts = typeof options.credential === 'string' ? [accountOf(options.credential)] : options.credential;
  const rate = options.rate ?? { minute: 20, hour: 700, day: 8_000 };
  const calls: number[] = [];
  const stale = new Map<string, { hosts: FakeHost[]; emailType: string; left: number }>();

  function addZone(input: FakeDomainInput): FakeDomain {
    const name = input.name.toLowerCase().replace(/\.$/, '');
    const hosts = (input.hosts ?? []).map(hostOf);
    const emailType = input.emailType ?? (hosts.some(({ type }) => type === 'MX') ? 'MX' : 'NONE');
    // A list that is longer than the limit is one whose limit was raised.
    const domain: FakeDomain = { isOurDns: true, isExpired: false, hiddenSrv: [], owner: accounts[0]?.user ?? '', sharedWith: [], rowLimit: hosts.length > 150 ? 10_000 : 150, ...input, name, emailType, hosts: hosts.length === 0 ? parkingRows(name) : hosts };
    domains.set(name, domain);
    return domain;
  }

  function limited(): boolean {
    const now = Date.now();
    const since = (ms: number): number => calls.filter((at) => now - at < ms).length;
    if (since(60_000) >= rate.minute || since(3_600_000) >= rate.hour || since(86_400_000) >= rate.day) return true;
    calls.push(now);
    return false;
  }

  async function handle(request: FakeRequest): Promise<FakeAnswer> {
    if (request.path !== '/xml.response') return { status: 404, headers: { 'content-type': 'text/html' }, text: '<html><body>Not found</body></html>' };
    if (limited()) return { status: 405, headers: { 'content-type': 'text/html' }, text: '<html><body>Method Not Allowed</body></html>' };
    const fields = fieldsOf(request);
    const command = fields.get('command') ?? '';
    const account = authenticated(fields, options.seenFrom ?? request.peer, accounts);
    if ('number' in account) return failed(command, account.number, account.message);
    switch (command.toLowerCase()) {
      case 'namecheap.domains.getlist':
        return listDomains(command, fields, account.user);
      case 'namecheap.domains.dns.getlist':
        return withDomain(command, fields, account.user, (domain) => answered(command, `<DomainDNSGetListResult Domain="${domain.name}" IsUsingOurDNS="${domain.isOurDns}" IsPremiumDNS="false" IsUsingFreeDNS="false"><Nameserver>dns1.registrar-servers.com</Nameserver><Nameserver>dns2.registrar-servers.com</Nameserver></DomainDNSGetListResult>`));
      case 'namecheap.domains.dns.gethosts':
        return withDomain(command, fields, account.user, (domain) => answered(command, hostsXml(shown(domain))));
      case 'namecheap.domains.dns.getsrvrecords':
        return options.hidesSrv === true ? unknownCommand(command) : withDomain(command, fields, account.user, (domain) => answered(command, srvXml(domain)));
      case 'namecheap.domains.dns.sethosts':
        return withDomain(command, fields, account.user, (domain) => replace(command, fields, domain));
      default:
        return unknownCommand(command);
    }
  }

  function listDomains(command: string, fields: URLSearchParams, user: string): FakeAnswer {
    const size = Math.min(Math.max(Number(fields.get('pagesize') ?? 20), 10), 100);
    const page = Number(fields.get('page') ?? 1);
    // A domain that is only shared is not in the list.
    const own = [...domains.values()].filter(({ name, owner }) => owner === user && name.includes(fields.get('searchterm') ?? ''));
    const rows = own.slice((page - 1) * size, page * size).map(({ name, owner, isExpired, isOurDns }, at) => `<Domain ID="${677_000 + at}" Name="${name}" User="${escaped(owner)}" Created="06/02/2021" Expires="06/02/2027" IsExpired="${isExpired}" IsLocked="false" AutoRenew="true" WhoisGuard="ENABLED" IsPremium="false" IsOurDNS="${isOurDns}"/>`);
    return answered(command, `<DomainGetListResult>${rows.join('')}</DomainGetListResult><Paging><TotalItems>${own.length}</TotalItems><CurrentPage>${page}</CurrentPage><PageSize>${size}</PageSize></Paging>`);
  }

  function withDomain(command: string, fields: URLSearchParams, user: string, work: (domain: FakeDomain) => FakeAnswer | Promise<FakeAnswer>): FakeAnswer | Promise<FakeAnswer> {
    const domain = domains.get(`${fields.get('sld') ?? ''}.${fields.get('tld') ?? ''}`.toLowerCase());
    if (domain === undefined) return failed(command, '2019166', 'Domain not found');
    return domain.owner === user || domain.sharedWith.includes(user) ? work(domain) : failed(command, '2016166', 'Domain is not associated with your account');
  }

  function shown(domain: FakeDomain): FakeDomain {
    const before = stale.get(domain.name);
    if (before === undefined || before.left-- <= 0) return domain;
    return { ...domain, hosts: before.hosts, emailType: before.emailType };
  }

  async function replace(command: string, fields: URLSearchParams, domain: FakeDomain): Promise<FakeAnswer> {
    const next = setHosts(fields, domain);
    if ('number' in next) return failed(command, next.number, next.message);
    await options.betweenCheckAndWrite?.();
    if ((options.staleReads ?? 0) > 0) stale.set(domain.name, { hosts: domain.hosts, emailType: domain.emailType, left: options.staleReads! });
    const ignored = options.ignoresPreference === true && sameBut(domain.hosts, next.hosts);
    if (!ignored) Object.assign(domain, { hosts: next.hosts, emailType: next.emailType, ...(options.losesSrv === true ? { hiddenSrv: [] } : {}) });
    return answered(command, `<DomainDNSSetHostsResult Domain="${domain.name}" EmailType="${domain.emailType}" IsSuccess="true"><Warnings/></DomainDNSSetHostsResult>`);
  }

  const server = await startFakeServer({ port: options.port, faults: options.faults, handle });
  for (const zone of options.zones ?? []) addZone(zone);
  return Object.assign(server, { domains, addZone });
}

function accountOf(credential: string): FakeAccount {
  const [user = '', key = '', ip = ''] = credential.split(':');
  return { user, key, whitelist: [ip] };
}

/** Names of parameters have no case; values keep theirs. */
function fieldsOf({ body, query }: FakeRequest): URLSearchParams {
  const given = new URLSearchParams(body === '' ? query : body);
  return new URLSearchParams([...given].map(([name, value]): [string, string] => [name.toLowerCase(), value]));
}

function authenticated(fields: URLSearchParams, seenFrom: string, accounts: readonly FakeAccount[]): FakeAccount | { number: string; message: string } {
  const account = accounts.find(({ user }) => user.toLowerCase() === (fields.get('apiuser') ?? '').toLowerCase());
  if (account === undefined || account.key !== fields.get('apikey') || account.access === false) return { number: '1011102', message: 'API Key is invalid or API access has not been enabled' };
  if (!account.whitelist.includes(seenFrom) || fields.get('clientip') !== seenFrom) return { number: '1011150', message: `Invalid request IP: ${seenFrom}` };
  return account;
}

function hostsXml({ name, emailType, isOurDns, hosts }: FakeDomain): string {
  const rows = hosts.map((host) => `<host HostId="${host.hostId}" Name="${escaped(host.type === 'MXE' ? name : host.name)}" Type="${host.type}" Address="${escaped(host.address)}" MXPref="${host.mxPref}" TTL="${host.ttl}" AssociatedAppTitle="" FriendlyName="${escaped(host.friendlyName)}" IsActive="${host.isActive}" IsDDNSEnabled="${host.isDdns}"/>`);
  return `<DomainDNSGetHostsResult Domain="${name}" EmailType="${emailType}" IsUsingOurDNS="${isOurDns}">${rows.join('')}</DomainDNSGetHostsResult>`;
}

/** Fields are elements here, not attributes, and there is no TTL: as recorded for DNSControl PR 4511. */
function srvXml({ hiddenSrv }: FakeDomain): string {
  const rows = hiddenSrv.map(({ service, protocol, priority, weight, port, target }, at) => `<Records><AssociatedAppTitle/><FriendlyName/><IsActive>true</IsActive><HostId>${217_091 + at}</HostId><Service>${escaped(service)}</Service><Protocol>${escaped(protocol)}</Protocol><Priority>${priority}</Priority><Port>${port}</Port><Target>${escaped(target)}</Target><Weight>${weight}</Weight></Records>`);
  return rows.length === 0 ? '' : `<Result IsActive="false">${rows.join('')}</Result>`;
}

function unknownCommand(command: string): FakeAnswer {
  return failed(command, '1010104', 'Parameter Command is invalid');
}

function sameBut(before: readonly FakeHost[], after: readonly FakeHost[]): boolean {
  const rows = (hosts: readonly FakeHost[]): string => hosts.map(({ name, type, address, ttl }) => [name, type, address, ttl].join(' ')).sort().join('\n');
  return rows(before) === rows(after);
}

function answered(command: string, result: string): FakeAnswer {
  return xml(`<ApiResponse Status="OK" xmlns="http://api.namecheap.com/xml.response"><Errors/><Warnings/><RequestedCommand>${escaped(command)}</RequestedCommand><CommandResponse Type="${escaped(command)}">${result}</CommandResponse>${foot}</ApiResponse>`);
}

function failed(command: string, number: string, message: string): FakeAnswer {
  return xml(`<ApiResponse Status="ERROR" xmlns="http://api.namecheap.com/xml.response"><Errors><Error Number="${number}">${escaped(message)}</Error></Errors><Warnings/><RequestedCommand>${escaped(command)}</RequestedCommand>${foot}</ApiResponse>`);
}

const foot = '<Server>PHX01APIEXT01</Server><GMTTimeDifference>--5:00</GMTTimeDifference><ExecutionTime>0.1</ExecutionTime>';

function xml(text: string): FakeAnswer {
  return { status: 200, headers: { 'content-type': 'text/xml; charset=utf-8' }, text: `<?xml version="1.0" encoding="utf-8"?>\r\n${text}` };
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
