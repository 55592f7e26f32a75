import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { exchange, parseTsigKey, sendUpdate, transferZone, type Prerequisite, type UpdateOperation } from '@connect/dns-client';
import { ownerName } from '@connect/domain';
import { newTsigKey, startTinyAuthoritative, type RunningTinyServer } from '../index.js';

const zone = ownerName('shop.test.');
const www = ownerName('www.shop.test.');
const text = newTsigKey('updater.');
const key = parseTsigKey(`${text.algorithm}:${text.name}:${text.secret}`);

const { signal } = new AbortController();

let server: RunningTinyServer;

beforeEach(async () => {
  server = await startTinyAuthoritative({ key: text, zones: [{ name: zone, records: [{ name: 'www', type: 'A', value: '192.0.2.1', ttlSeconds: 60 }] }] });
});
afterEach(() => server.stop());

function at(): { ip: string; port: number } {
  return { ip: server.address, port: server.port };
}

async function update(updates: UpdateOperation[], prerequisites: Prerequisite[] = [], signer = key): Promise<string> {
  return (await sendUpdate(at(), { zone, prerequisites, updates }, signer, { signal })).rcode;
}

function valuesAt(name: string, type: string): string[] {
  return (server.zone(zone)?.at(name, type) ?? []).map((record) => record.value);
}

describe('the built-in server', () => {
  it('takes a signed update, raises the serial number and serves it at once', async () => {
    const before = valuesAt(zone, 'SOA');

    const rcode = await update([{ kind: 'add', ownerName: www, type: 'A', ttlSeconds: 30, value: '192.0.2.2' }, { kind: 'delete_value', ownerName: www, type: 'A', value: '192.0.2.1' }]);
    const answer = await exchange(at(), { ownerName: www, type: 'A' }, { signal });

    expect(rcode).toBe('NOERROR');
    expect(answer.answers).toEqual([{ ownerName: www, type: 'A', ttlSeconds: 30, value: '192.0.2.2' }]);
    expect(valuesAt(zone, 'SOA')).not.toEqual(before);
  });

  it('changes nothing when a prerequisite does not hold', async () => {
    const add: UpdateOperation = { kind: 'add', ownerName: www, type: 'A', ttlSeconds: 30, value: '192.0.2.2' };

    const rcodes = [
      await update([add], [{ kind: 'set_equals', ownerName: www, type: 'A', values: ['192.0.2.9'] }]),
      await update([add], [{ kind: 'set_absent', ownerName: www, type: 'A' }]),
      await update([add], [{ kind: 'set_exists', ownerName: www, type: 'TXT' }]),
      await update([add], [{ kind: 'name_not_in_use', ownerName: www }]),
      await update([add], [{ kind: 'name_in_use', ownerName: ownerName('none.shop.test.') }]),
      await update([{ ...add, ownerName: ownerName('www.elsewhere.test.') }]),
    ];

    expect(rcodes).toEqual(['NXRRSET', 'YXRRSET', 'NXRRSET', 'YXDOMAIN', 'NXDOMAIN', 'NOTZONE']);
    expect(valuesAt(www, 'A')).toEqual(['192.0.2.1']);
  });

  it('keeps an alias alone at its name, and the apex its SOA and last name server', async () => {
    await update([
      { kind: 'add', ownerName: www, type: 'CNAME', ttlSeconds: 30, value: 'target.test.' },
      { kind: 'delete_name', ownerName: zone },
      { kind: 'delete_value', ownerName: zone, type: 'NS', value: 'ns1.shop.test.' },
    ]);

    expect(valuesAt(www, 'CNAME')).toEqual([]);
    expect([valuesAt(zone, 'NS').length, valuesAt(zone, 'SOA').length]).toEqual([1, 1]);
  });

  it('refuses another key', async () => {
    const stranger = newTsigKey('updater.');
    const forged = parseTsigKey(`${stranger.algorithm}:${stranger.name}:${stranger.secret}`);

    expect(await update([{ kind: 'delete_set', ownerName: www, type: 'A' }], [], forged)).toBe('NOTAUTH');
    expect(valuesAt(www, 'A')).toEqual(['192.0.2.1']);
  });

  it('transfers the zone to the holder of the key', async () => {
    const result = await transferZone(at(), zone, key, { signal });

    expect('records' in result ? result.records.map((record) => `${record.ownerName} ${record.type}`) : result.refused).toEqual(expect.arrayContaining(['shop.test. SOA', 'shop.test. NS', 'www.shop.test. A']));
  });

  it('sends what is too large for a datagram by TCP', async () => {
    const big = ownerName('big.shop.test.');
    await update(Array.from({ length: 40 }, (_, index) => ({ kind: 'add', ownerName: big, type: 'TXT', ttlSeconds: 30, value: `"${index} ${'x'.repeat(100)}"` })));

    const answer = await exchange(at(), { ownerName: big, type: 'TXT' }, { signal });

    expect(answer.transport).toBe('tcp');
    expect(answer.answers).toHaveLength(40);
  });

  it('publishes what somebody else keeps, as it is at each question, under its own name servers', async () => {
    const shop = ownerName('kept-elsewhere.test.');
    const name = ownerName(`www.${shop}`);
    const kept = [{ ownerName: shop, type: 'NS', ttlSeconds: 60, value: 'ns.elsewhere.test.' }, { ownerName: name, type: 'A', ttlSeconds: 60, value: '192.0.2.1' }];
    await server.addZone({ name: shop }, { source: () => Promise.resolve(kept) });
    const asked = async (ownerName: typeof name, type: string): Promise<string[]> => (await exchange(at(), { ownerName, type }, { signal })).answers.map(({ value }) => value);

    const before = await asked(name, 'A');
    kept[1] = { ...kept[1]!, value: '192.0.2.2' };

    expect([before, await asked(name, 'A')]).toEqual([['192.0.2.1'], ['192.0.2.2']]);
    expect(await asked(shop, 'NS')).toEqual([`ns1.${shop}`]);
  });
});
