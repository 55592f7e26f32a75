import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ownerName, recordSetKey, type Change, type RecordSet } from '@connect/domain';
import { at, parseXml } from '../../base/index.js';
import { assertNothingLost, compose, isShown, mailConflict, obstacleOf, toFields, toHiddenSets, toRecordSets, withoutRepreferred, type HostList } from './convert.js';
import { srvRowsOf } from './client.js';
import { HostRow } from './schema.js';

const apex = ownerName('example.com');
const documented = at(parseXml(readFileSync(new URL('./__fixtures__/get-hosts.xml', import.meta.url), 'utf8')), 'CommandResponse', 'DomainDNSGetHostsResult')!;
const zone: HostList = { emailType: 'MX', hosts: documented.children.map((row) => HostRow.parse(row.attributes)) };
const host = (Name: string, Type: string, Address: string, more: Partial<HostRow> = {}): HostRow => ({ Name, Type, Address, MXPref: '10', TTL: '300', IsActive: true, IsDDNSEnabled: false, ...more });
const set = (name: string, type: string, values: string[], ttlSeconds = 300): RecordSet => ({ ownerName: ownerName(name === '' ? 'example.com' : `${name}.example.com`), type, ttlSeconds, values });
const changeOf = (before: RecordSet | null, after: RecordSet | null): Change => ({ ownerName: (before ?? after)!.ownerName, type: (before ?? after)!.type, before, after });

describe('reading', () => {
  it('brings the documented answer into the house’s form', () => {
    expect(toRecordSets(zone, apex)).toEqual([
      set('', 'A', ['192.0.2.1'], 1800),
      set('www', 'CNAME', ['target.example.net.'], 1800),
      set('', 'MX', ['20 mail.example.net.'], 300),
      set('', 'TXT', ['"v=spf1 include:\\"x\\" & -all"'], 60),
      { ...set('old', 'URL301', ['https://example.net/'], 1800), untouchable: 'console_record' },
      set('', 'CAA', ['0 issue "letsencrypt.org"'], 1800),
    ]);
  });

  it('takes MXE for a row of the apex, though its name is the whole domain', () => {
    expect(toRecordSets({ emailType: 'MXE', hosts: [host('Example.com', 'MXE', '192.0.2.1')] }, apex)).toEqual([{ ...set('', 'MXE', ['192.0.2.1']), untouchable: 'console_record' }]);
  });

  it.each(['OX', 'GMAIL', 'FWD', 'MXE'])('leaves the MX rows of the mail that Namecheap runs (%s) to it', (emailType) => {
    expect(toRecordSets({ emailType, hosts: [host('@', 'MX', 'mx1.privateemail.com.')] }, apex)[0]!.untouchable).toBe('managed_mail');
    expect(mailConflict(changeOf(null, set('sub', 'MX', ['10 mail.example.net.'])), { emailType, hosts: [] })).toContain(emailType);
  });

  it('keeps a row whose data does not fit its type', () => {
    expect(toRecordSets({ emailType: 'NONE', hosts: [host('x', 'A', 'odd')] }, apex)[0]!.values).toEqual(['odd']);
  });
});

describe('SRV rows', () => {
  const recorded = at(parseXml(readFileSync(new URL('./__fixtures__/get-srv-records.xml', import.meta.url), 'utf8')), 'CommandResponse')!;

  it('come from the recorded answer, with the host in the field of the protocol', () => {
    expect(toHiddenSets(srvRowsOf(recorded), apex)).toEqual([
      { ...set('_sip._tls', 'SRV', ['100 1 443 sip.example.net.'], 1800), untouchable: 'hidden_row' },
      { ...set('_minecraft._tcp.play', 'SRV', ['0 5 25565 play.example.net.'], 1800), untouchable: 'hidden_row' },
    ]);
  });

  it.each(['<CommandResponse/>', '<CommandResponse><Result IsActive="false"/></CommandResponse>', '<CommandResponse><Result><Records/></Result></CommandResponse>'])('are none in %s', (text) => {
    expect(srvRowsOf(parseXml(text))).toEqual([]);
  });

  it('keep data that does not fit', () => {
    expect(toHiddenSets([{ Service: '_x', Protocol: '_tcp', Priority: 'high', Weight: '1', Port: '1', Target: 'a.example.net' }], apex)[0]!.values).toEqual(['high 1 1 a.example.net']);
  });
});

describe('what stands in the way of a write', () => {
  it.each<[string, HostList]>([
    ['an unknown mail setting', { emailType: 'NEWMAIL', hosts: [] }],
    ['a type that setHosts may not take', { emailType: 'NONE', hosts: [host('x', 'SSHFP', '1 1 00')] }],
    ['dynamic DNS', { emailType: 'NONE', hosts: [host('home', 'A', '192.0.2.1', { IsDDNSEnabled: true })] }],
    ['a host that is switched off', { emailType: 'NONE', hosts: [host('x', 'A', '192.0.2.1', { IsActive: false })] }],
  ])('%s', (_, list) => {
    expect(obstacleOf(list)).not.toBeNull();
  });

  it('nothing, in the documented zone', () => {
    expect(obstacleOf(zone)).toBeNull();
  });
});

describe('writing', () => {
  it('echoes every row that no change names to the letter, in its order', () => {
    const after = compose(zone, [changeOf(null, set('shop', 'CNAME', ['t.example.net.']))], apex);

    expect(after.hosts.slice(0, zone.hosts.length)).toEqual(zone.hosts);
    expect(after.hosts.at(-1)).toMatchObject({ Name: 'shop', Type: 'CNAME', Address: 't.example.net.', MXPref: '10', TTL: '300' });
    expect(toFields(after)).toMatchObject({ EmailType: 'MX', HostName1: '@', Address4: 'v=spf1 include:"x" & -all', TTL1: '1799', MXPref3: '20', RecordType5: 'URL301', HostName7: 'shop' });
    expect(toFields(after)).not.toHaveProperty('HostName8');
  });

  it('sets the mail to MX with the first MX row and to NONE with the last one gone', () => {
    const empty: HostList = { emailType: 'NONE', hosts: [host('@', 'A', '192.0.2.1')] };
    const mx = set('', 'MX', ['10 mail.example.net.']);
    const withMail = compose(empty, [changeOf(null, mx)], apex);

    expect(withMail.emailType).toBe('MX');
    expect(compose(withMail, [changeOf(mx, null)], apex).emailType).toBe('NONE');
    expect(compose(zone, [changeOf(null, set('x', 'A', ['192.0.2.1']))], apex).emailType).toBe('MX');
  });

  it('takes MX rows out first where only their preference changes', () => {
    const before = set('', 'MX', ['10 a.example.net.', '20 b.example.net.']);
    const first = withoutRepreferred([changeOf(before, set('', 'MX', ['15 a.example.net.', '20 b.example.net.']))]);

    expect(first?.[0]?.after?.values).toEqual(['20 b.example.net.']);
    expect(withoutRepreferred([changeOf(before, set('', 'MX', ['10 c.example.net.']))])).toBeNull();
  });

  it('is shown when values, TTL and mail setting are', () => {
    const change = changeOf(set('', 'A', ['192.0.2.1'], 1800), set('', 'A', ['192.0.2.1', '192.0.2.2'], 600));
    const after = compose(zone, [change], apex);

    expect(isShown([change], 'MX', after, apex)).toBe(true);
    expect(isShown([change], 'MX', zone, apex)).toBe(false);
    expect(isShown([change], 'NONE', after, apex)).toBe(false);
    expect(isShown([change], 'MX', { ...after, hosts: after.hosts.map((host) => ({ ...host, TTL: '1799' })) }, apex)).toBe(false);
    expect(isShown([changeOf(change.after, null)], 'MX', after, apex)).toBe(false);
  });

  it('refuses to send a list in which a foreign row is missing', () => {
    expect(() => assertNothingLost(zone, { ...zone, hosts: zone.hosts.slice(1) }, [], apex)).toThrow('a row that no change names would be lost');
    expect(() => assertNothingLost(zone, zone, [], apex)).not.toThrow();
  });
});

describe('whatever the zone and the change', () => {
  const label = fc.stringMatching(/^[a-z0-9_]([a-z0-9-]{0,8}[a-z0-9])?$/);
  const row = fc.oneof(
    fc.record({ name: label, address: fc.ipV4() }).map(({ name, address }) => host(name, 'A', address)),
    fc.record({ name: fc.constantFrom('@', 'a', 'b'), address: fc.string({ unit: fc.constantFrom(...'abc ;=\\&<>\'%+'), minLength: 1, maxLength: 300 }) }).map(({ name, address }) => host(name, 'TXT', address)),
    fc.record({ name: fc.constantFrom('@', 'mail'), address: label, pref: fc.nat(255) }).map(({ name, address, pref }) => host(name, 'MX', `${address}.example.net.`, { MXPref: String(pref) })),
    fc.record({ name: label }).map(({ name }) => host(name, 'URL', 'https://example.net/')),
  );

  it('foreign rows stay as they are, and our sets become what was asked for', () => {
    fc.assert(fc.property(fc.array(row, { maxLength: 40 }), fc.array(fc.nat(), { maxLength: 3 }), (hosts, picks) => {
      const list: HostList = { emailType: 'MX', hosts };
      const sets = toRecordSets(list, apex).filter(({ type }) => type === 'TXT' || type === 'A');
      const chosen = new Map(picks.filter(() => sets.length > 0).map((pick) => [recordSetKey(sets[pick % sets.length]!), sets[pick % sets.length]!]));
      const changes = [...chosen.values()].map((before, at) => changeOf(before, at % 2 === 0 ? null : { ...before, values: [...before.values, before.type === 'A' ? '198.51.100.254' : '"ours"'], ttlSeconds: 600 }));

      const after = compose(list, changes, apex);

      const named = (host: HostRow): boolean => changes.some((change) => toRecordSets({ emailType: 'MX', hosts: [host] }, apex)[0]!.ownerName === change.ownerName && host.Type === change.type);
      expect(after.hosts.filter((each) => !named(each))).toEqual(hosts.filter((each) => !named(each)));
      assertNothingLost(list, after, changes, apex);
      const read = toRecordSets(after, apex);
      for (const change of changes) {
        const found = read.find((each) => each.ownerName === change.ownerName && each.type === change.type);
        expect(new Set(found?.values ?? [])).toEqual(new Set(change.after?.values ?? []));
      }
    }));
  });
});
