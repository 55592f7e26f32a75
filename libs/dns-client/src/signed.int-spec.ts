import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { movableClock, ownerName, txtValue } from '@connect/domain';
import { newTsigKey, startBind, startKnot, type RunningDnsServer, type TsigKeyText, type ZoneInput } from '@connect/local-parts';
import { temporaryFolder, type TemporaryFolder } from '@connect/testing';
import { exchange } from './exchange.js';
import { querySigned, sendUpdate, transferZone, type SignedOptions } from './signed.js';
import type { DnsAddress } from './sockets.js';
import { parseTsigKey, tsigKey, tsigSecret, type TsigKey } from './tsig-key.js';
import type { Prerequisite, UpdateOperation } from './update.js';

const zone = ownerName('shop.test');
const big = ownerName('big.test');
const www = ownerName('www.shop.test');
const ofBig = Array.from({ length: 3_000 }, (_, index) => ({ name: `host-${index}`, type: 'TXT', value: `"${'x'.repeat(100)} ${index}"` }));
const zones: ZoneInput[] = [
  { name: zone, records: [{ name: 'www', type: 'A', value: '192.0.2.1' }, { name: 'alias', type: 'CNAME', value: 'www' }] },
  { name: big, records: ofBig },
];

function keyOf(text: TsigKeyText): TsigKey {
  return parseTsigKey(`${text.algorithm}:${text.name}:${text.secret}`);
}

const keyText = newTsigKey('update-key.', 'hmac-sha512');
const key = keyOf(keyText);
const otherSecret = tsigKey({ ...key, secret: tsigSecret('b3RoZXI=') });
const otherName = keyOf({ ...keyText, name: 'unknown-key.' });

describe.each([
  ['Knot', (dir: string): Promise<RunningDnsServer> => startKnot({ dir, key: keyText, zones: zones.map((given) => ({ ...given, isSigned: given.name === zone })) }), 'NOTAUTH'],
  ['BIND', (dir: string): Promise<RunningDnsServer> => startBind({ dir, key: keyText, zones }), 'REFUSED'],
] as const)('%s', (name, start, rcodeWithoutKey) => {
  let folder: TemporaryFolder;
  let running: RunningDnsServer;
  let server: DnsAddress;

  beforeAll(async () => {
    folder = temporaryFolder(`dns-client-${name}`);
    running = await start(folder.path);
    server = { ip: running.address, port: running.port };
  });
  afterAll(async () => {
    await running.stop();
    folder.remove();
  });

  function options(more: Partial<SignedOptions> = {}): SignedOptions {
    return { signal: AbortSignal.timeout(20_000), ...more };
  }
  function update(updates: UpdateOperation[], prerequisites: Prerequisite[] = [], by: TsigKey | null = key, more: Partial<SignedOptions> = {}): ReturnType<typeof sendUpdate> {
    return sendUpdate(server, { zone, prerequisites, updates }, by, options(more));
  }
  async function valuesAt(owner: string, type: string): Promise<string[]> {
    const answer = await exchange(server, { ownerName: ownerName(owner), type }, options());
    return answer.answers.map((record) => record.value).sort();
  }
  function add(owner: string, type: string, value: string, ttlSeconds = 60): UpdateOperation {
    return { kind: 'add', ownerName: ownerName(owner), type, ttlSeconds, value };
  }

  it('answers a plain question with authority, and shows what is not there', async () => {
    expect(await exchange(server, { ownerName: www, type: 'A' }, options())).toMatchObject({ rcode: 'NOERROR', authoritative: true, answers: [{ ownerName: www, type: 'A', ttlSeconds: 5, value: '192.0.2.1' }] });
    expect(await exchange(server, { ownerName: ownerName('none.shop.test'), type: 'A' }, options())).toMatchObject({ rcode: 'NXDOMAIN', authoritative: true, answers: [], authorities: [{ ownerName: zone, type: 'SOA' }] });
    expect(await exchange(server, { ownerName: ownerName('elsewhere.example'), type: 'A' }, options())).toMatchObject({ rcode: 'REFUSED', authoritative: false });
  });

  it('takes an update whose answer is signed', async () => {
    const answer = await update([add('one.shop.test', 'TXT', '"a \\"quoted\\" \\\\ \\195\\164"'), add('one.shop.test', 'TXT', '"second" "string"')]);

    expect(answer).toEqual({ rcode: 'NOERROR', tsigError: null, signed: true, serverTime: null });
    expect(await valuesAt('one.shop.test', 'TXT')).toEqual(['"a \\"quoted\\" \\\\ \\195\\164"', '"second" "string"']);
  });

  it.each([
    ['A', '192.0.2.7'], ['AAAA', '2001:db8::7'], ['CNAME', 'edge.example.net.'], ['MX', '10 mail.example.net.'], ['CAA', '0 issue "ca.example.net; policy=ev"'],
    ['SRV', '1 2 443 edge.example.net.'], ['NS', 'ns1.example.net.'], ['PTR', 'edge.example.net.'], ['HTTPS', '1 . alpn="h3,h2" port="8443" ipv4hint="192.0.2.1" ipv6hint="2001:db8::1"'],
    ['SVCB', '2 edge.example.net. mandatory="alpn" alpn="h2" key667="a\\032b"'], ['TLSA', '3 1 1 00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff'],
    ['SSHFP', '4 2 00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff'], ['NAPTR', '1 2 "u" "E2U+sip" "!^.*$!sip:a@example.com!" .'],
    ['TYPE65280', '\\# 3 010203'], ['URI', '1 2 "https://example.net/"'], ['TXT', txtValue('long '.repeat(300))],
  ])('publishes a record of type %s as it was given, and takes exactly that value away', async (type, value) => {
    const owner = `t-${type.toLowerCase()}.shop.test`;

    expect((await update([add(owner, type, value)])).rcode).toBe('NOERROR');
    const transferred = await transferZone(server, zone, key, options());
    const published = 'records' in transferred ? transferred.records.filter((record) => record.ownerName === `${owner}.`) : [];
    expect((await update([{ kind: 'delete_value', ownerName: ownerName(owner), type, value }])).rcode).toBe('NOERROR');

    expect(published).toEqual([{ ownerName: `${owner}.`, type, ttlSeconds: 60, value }]);
    expect((await exchange(server, { ownerName: ownerName(owner), type }, options())).answers).toEqual([]);
  });

  it.each([
    ['set_exists', 'NXRRSET', { kind: 'set_exists', ownerName: www, type: 'MX' }],
    ['set_absent', 'YXRRSET', { kind: 'set_absent', ownerName: www, type: 'A' }],
    ['set_equals', 'NXRRSET', { kind: 'set_equals', ownerName: www, type: 'A', values: ['192.0.2.1', '192.0.2.2'] }],
    ['name_in_use', 'NXDOMAIN', { kind: 'name_in_use', ownerName: ownerName('none.shop.test') }],
    ['name_not_in_use', 'YXDOMAIN', { kind: 'name_not_in_use', ownerName: www }],
  ] as [string, string, Prerequisite][])('changes nothing when the prerequisite %s does not hold, and says %s', async (kind, rcode, prerequisite) => {
    const owner = `guarded-${kind.replaceAll('_', '-')}.shop.test`;

    expect(await update([add(owner, 'A', '192.0.2.9')], [prerequisite])).toMatchObject({ rcode, signed: true });
    expect(await valuesAt(owner, 'A')).toEqual([]);
  });

  it('changes what was asked when the prerequisites hold', async () => {
    const owner = ownerName('swap.shop.test');
    await update([add(owner, 'A', '192.0.2.1'), add(owner, 'A', '192.0.2.2'), add(owner, 'TXT', '"stays"')], [{ kind: 'name_not_in_use', ownerName: owner }, { kind: 'set_absent', ownerName: owner, type: 'A' }]);

    const answer = await update(
      [{ kind: 'delete_set', ownerName: owner, type: 'A' }, add(owner, 'A', '192.0.2.3', 300)],
      [{ kind: 'set_equals', ownerName: owner, type: 'A', values: ['192.0.2.2', '192.0.2.1'] }, { kind: 'set_exists', ownerName: owner, type: 'TXT' }, { kind: 'name_in_use', ownerName: owner }],
    );

    expect(answer.rcode).toBe('NOERROR');
    expect(await valuesAt(owner, 'A')).toEqual(['192.0.2.3']);
    expect(await valuesAt(owner, 'TXT')).toEqual(['"stays"']);
    expect((await update([{ kind: 'delete_name', ownerName: owner }])).rcode).toBe('NOERROR');
    expect(await valuesAt(owner, 'TXT')).toEqual([]);
  });

  it('says what is wrong with a key', async () => {
    const change = [add('never.shop.test', 'A', '192.0.2.9')];

    expect(await update(change, [], otherSecret)).toEqual({ rcode: 'NOTAUTH', tsigError: 'BADSIG', signed: false, serverTime: null });
    expect(await update(change, [], otherName)).toEqual({ rcode: 'NOTAUTH', tsigError: 'BADKEY', signed: false, serverTime: null });
    expect(await update(change, [], tsigKey({ ...key, algorithm: 'hmac-sha256' }))).toMatchObject({ rcode: 'NOTAUTH', tsigError: 'BADKEY', signed: false });
    expect(await update(change, [], null)).toEqual({ rcode: rcodeWithoutKey, tsigError: null, signed: false, serverTime: null });
    expect(await valuesAt('never.shop.test', 'A')).toEqual([]);
  });

  it('tells its time to who is an hour late, under its signature', async () => {
    const now = new Date();
    const clock = movableClock(new Date(now.getTime() - 3_600_000));

    const answer = await update([add('never.shop.test', 'A', '192.0.2.9')], [], key, { clock });

    expect(answer).toMatchObject({ rcode: 'NOTAUTH', tsigError: 'BADTIME', signed: true });
    expect(Math.abs(answer.serverTime!.getTime() - now.getTime())).toBeLessThan(30_000);
  });

  it('says NOTZONE for a name outside and NOTAUTH for a zone that is not its own', async () => {
    expect((await update([add('www.other.test', 'A', '192.0.2.9')])).rcode).toBe('NOTZONE');
    expect((await sendUpdate(server, { zone: ownerName('other.test'), prerequisites: [], updates: [] }, key, options())).rcode).toBe('NOTAUTH');
  });

  it('proves a key by a signed answer to a signed question', async () => {
    const question = { ownerName: zone, type: 'SOA' };

    expect(await querySigned(server, question, key, options())).toMatchObject({ rcode: 'NOERROR', signed: true, authoritative: true, answers: [{ ownerName: zone, type: 'SOA' }] });
    expect(await querySigned(server, question, otherSecret, options())).toMatchObject({ rcode: 'NOTAUTH', tsigError: 'BADSIG', signed: false });
  });

  it('gives a whole zone in many messages, each record once and the SOA first', async () => {
    const result = await transferZone(server, big, key, options());
    const records = 'records' in result ? result.records : [];

    expect(records[0]).toMatchObject({ ownerName: big, type: 'SOA' });
    expect(records.filter((record) => record.type === 'SOA')).toHaveLength(1);
    expect(new Set(records.filter((record) => record.type === 'TXT').map((record) => record.value))).toEqual(new Set(ofBig.map((record) => record.value)));
  });

  it('gives no record that signing made, nor a zone larger than wanted', async () => {
    const result = await transferZone(server, zone, key, options());
    const types = new Set('records' in result ? result.records.map((record) => record.type) : []);

    expect([...types].filter((type) => ['RRSIG', 'NSEC', 'NSEC3', 'NSEC3PARAM', 'DNSKEY', 'CDS', 'CDNSKEY', 'TYPE65534'].includes(type))).toEqual([]);
    expect([...types]).toEqual(expect.arrayContaining(['SOA', 'NS', 'A', 'CNAME']));
    await expect(transferZone(server, big, key, { ...options(), maxRecords: 100 })).rejects.toMatchObject({ code: 'too_large' });
  });

  it('refuses a transfer with a reason', async () => {
    expect(await transferZone(server, zone, otherSecret, options())).toEqual({ refused: { rcode: 'NOTAUTH', tsigError: 'BADSIG', signed: false, serverTime: null } });
    expect(await transferZone(server, ownerName('other.test'), key, options())).toMatchObject({ refused: { rcode: expect.stringMatching(/NOTAUTH|REFUSED/) } });
  });

  it('answers over TCP what does not fit into a datagram', async () => {
    const owner = 'large.shop.test';
    await update(Array.from({ length: 20 }, (_, index) => add(owner, 'TXT', txtValue(`${index} ${'y'.repeat(200)}`))));

    const answer = await exchange(server, { ownerName: ownerName(owner), type: 'TXT', dnssecOk: true }, options());

    expect(answer).toMatchObject({ transport: 'tcp', truncated: false });
    expect(answer.answers.filter((record) => record.type === 'TXT')).toHaveLength(20);
    expect(answer.answers.some((record) => record.type === 'RRSIG')).toBe(name === 'Knot');
  });
});
