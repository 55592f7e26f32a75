import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, temporaryFolder, type TemporaryFolder } from '@connect/testing';
import { ask, newTsigKey, startBind, startDnsWorld, startKnot, startPowerdns, startRelay, startTinyAuthoritative, startUnbound, type ZoneInput } from '../index.js';

const shop: ZoneInput = { name: 'shop.test.', records: [{ name: 'www', type: 'A', value: '192.0.2.1' }, { name: '@', type: 'TXT', value: '"v=spf1 -all"' }] };

let folder: TemporaryFolder;
const toStop: { stop(): Promise<void> }[] = [];

beforeAll(() => { folder = temporaryFolder('dns'); });
afterEach(async () => { await Promise.all(toStop.splice(0).map((server) => server.stop())); });
afterAll(() => folder.remove());

function dir(name: string): string {
  return `${folder.path}/${name}`;
}

function keep<Server extends { stop(): Promise<void> }>(server: Server): Server {
  toStop.push(server);
  return server;
}

async function dataOf(server: { address: string; port: number }, name: string, type: 'A' | 'NS' | 'TXT' | 'SOA' = 'A'): Promise<unknown[]> {
  const answer = await ask(server, name, type);
  return (answer?.answers ?? []).map((record) => ('data' in record ? record.data : undefined));
}

describe('authoritative servers of this machine', () => {
  it.each([
    ['Knot', startKnot, '127.0.0.71'],
    ['BIND', startBind, '127.0.0.1'],
    ['BIND behind a relay', startBind, '127.0.0.72'],
    ['PowerDNS', startPowerdns, '127.0.0.73'],
    ['the built-in server', startTinyAuthoritative, '127.0.0.75'],
  ] as const)('%s serves its zones with authority at the address it was given', async (name, start, address) => {
    const server = keep(await start({ dir: dir(`serve-${name}`), address, zones: [shop, { ...shop, name: 'other.test.' }] }));

    const answer = await ask(server, 'www.shop.test.', 'A');

    expect(server.address).toBe(address);
    expect(answer).toMatchObject({ rcode: 'NOERROR', isAuthoritative: true, answers: [{ name: 'www.shop.test', data: '192.0.2.1', ttl: 5 }] });
    expect(await dataOf(server, 'www.other.test.')).toEqual(['192.0.2.1']);
    expect((await ask(server, 'none.shop.test.', 'A'))?.rcode).toBe('NXDOMAIN');
  });

  it('takes a zone as the text of a zone file', async () => {
    const text = '$ORIGIN shop.test.\n$TTL 60\n@ SOA ns1 host 7 3600 600 86400 3\n@ NS ns1\nns1 A 127.0.0.1\n*.wild A 192.0.2.9\n';

    const server = keep(await startKnot({ dir: dir('text'), zones: [{ name: 'shop.test.', text }] }));

    expect(await dataOf(server, 'a.wild.shop.test.')).toEqual(['192.0.2.9']);
  });

  it('lets Knot change a zone and take one more while it runs', async () => {
    const server = keep(await startKnot({ dir: dir('change'), zones: [shop], key: newTsigKey() }));

    await server.change('shop.test.', { add: [{ name: 'new.shop.test.', type: 'A', value: '192.0.2.2' }], remove: [{ name: 'www.shop.test.', type: 'A' }] });
    await server.addZone({ ...shop, name: 'late.test.' });

    expect(await dataOf(server, 'new.shop.test.')).toEqual(['192.0.2.2']);
    expect((await ask(server, 'www.shop.test.', 'A'))?.rcode).toBe('NXDOMAIN');
    expect(await dataOf(server, 'www.late.test.')).toEqual(['192.0.2.1']);
  });

  it('gives PowerDNS an API whose changes are served at once', async () => {
    const server = keep(await startPowerdns({ dir: dir('pdns'), zones: [shop] }));

    const response = await fetch(`${server.apiUrl}/zones/shop.test.`, {
      method: 'PATCH', headers: { 'X-API-Key': server.apiKey },
      body: JSON.stringify({ rrsets: [{ name: 'new.shop.test.', type: 'A', ttl: 60, changetype: 'REPLACE', records: [{ content: '192.0.2.3' }] }] }),
    });

    expect(response.status).toBe(204);
    expect(await dataOf(server, 'new.shop.test.')).toEqual(['192.0.2.3']);
  });
});

describe('a recursive resolver of this machine', () => {
  it('keeps "there is nothing" as long as the zone says, also when the name is there by now', async () => {
    const authoritative = keep(await startKnot({ dir: dir('negative'), zones: [{ ...shop, negativeTtlSeconds: 300 }] }));
    const resolver = keep(await startUnbound({ dir: dir('unbound'), stubs: [{ zone: 'shop.test.', servers: [authoritative] }] }));
    const askResolver = (): ReturnType<typeof ask> => ask(resolver, 'new.shop.test.', 'A', { recursive: true });

    const before = await askResolver();
    await authoritative.change('shop.test.', { add: [{ name: 'new.shop.test.', type: 'A', value: '192.0.2.2' }] });
    const cached = await askResolver();
    await resolver.flush('shop.test.');
    const flushed = await askResolver();

    expect([before?.rcode, cached?.rcode, flushed?.rcode]).toEqual(['NXDOMAIN', 'NXDOMAIN', 'NOERROR']);
  });
});

describe('a DNS world on this machine', () => {
  it.each(['knot', 'built-in'] as const)('of %s refers from the root to the servers of a zone that came while it runs', async (program) => {
    const world = keep(await startDnsWorld({ dir: dir(`world-${program}`), program }));
    const [rootAddress, rootPort] = world.dnsRoots.split(':') as [string, string];

    const shopServer = await world.host(shop, { key: newTsigKey() });
    const fromRoot = await ask({ address: rootAddress, port: Number(rootPort) }, 'www.shop.test.', 'A');
    const fromTld = await ask(world.tldServer, 'www.shop.test.', 'A');

    expect(fromRoot).toMatchObject({ rcode: 'NOERROR', isAuthoritative: false, answers: [], authorities: [{ type: 'NS', name: 'test', data: 'ns1.test' }] });
    expect(fromTld).toMatchObject({ rcode: 'NOERROR', isAuthoritative: false, answers: [], authorities: [{ type: 'NS', name: 'shop.test', data: 'ns1.shop.test' }] });
    expect(world.dnsPortMap.split(',')).toContain(`${shopServer.address}=${shopServer.port}`);
  });

  it('fits on one address where there is only one', async () => {
    const world = keep(await startDnsWorld({ dir: dir('world-one'), addresses: 'one' }));

    const server = await world.host(shop, { key: newTsigKey() });

    expect(world.dnsPortMap).toBe(`127.0.0.1=${server.port}`);
    expect(world.dnsRoots).not.toBe(`127.0.0.1:${server.port}`);
    expect(await dataOf(server, 'www.shop.test.')).toEqual(['192.0.2.1']);
  });

  it.each(['knot', 'built-in'] as const)('of %s moves a delegation to other servers and takes it away', async (program) => {
    const world = keep(await startDnsWorld({ dir: dir(`world-move-${program}`), program }));
    await world.delegate('shop.test.', [{ name: 'ns1.provider.test.', address: '127.0.0.1', port: 5401 }]);
    await world.delegate('other.test.', [{ name: 'ns1.provider.test.', address: '127.0.0.1', port: 5401 }]);

    await world.delegate('shop.test.', [{ name: 'ns1.shop.test.', address: '127.0.0.2' }, { name: 'ns2.shop.test.', address: '127.0.0.3' }]);
    const moved = await ask(world.tldServer, 'shop.test.', 'A');
    await world.undelegate('shop.test.');
    const gone = await ask(world.tldServer, 'shop.test.', 'A');

    expect(moved?.authorities.map((record) => ('data' in record ? record.data : ''))).toEqual(expect.arrayContaining(['ns1.shop.test', 'ns2.shop.test']));
    expect(gone?.rcode).toBe('NXDOMAIN');
    expect(await dataOf(world.tldServer, 'ns1.provider.test.')).toEqual(['127.0.0.1']);
    expect(world.dnsPortMap).toContain('127.0.0.1=5401');
  });

  it('is validated by its resolver where it is signed: a right DS passes, a wrong one does not', async () => {
    const world = keep(await startDnsWorld({ dir: dir('world-signed'), isSigned: true }));
    const server = keep(await startKnot({ dir: dir('world-signed-shop'), ...world.place(), zones: [{ ...shop, isSigned: true }, { ...shop, name: 'bogus.test.', isSigned: true }] }));
    await world.delegate('shop.test.', [{ name: 'ns1.shop.test.', address: server.address }], { ds: await server.ds('shop.test.') });
    await world.delegate('bogus.test.', [{ name: 'ns1.bogus.test.', address: server.address }], { ds: `12345 13 2 ${'0'.repeat(64)}` });

    const resolver = await world.startResolver();

    expect((await ask(resolver, 'www.shop.test.', 'A', { recursive: true }))?.rcode).toBe('NOERROR');
    expect((await ask(resolver, 'www.bogus.test.', 'A', { recursive: true }))?.rcode).toBe('SERVFAIL');
  });

  it('lets many worlds run beside each other', async () => {
    const worlds = await Promise.all([1, 2, 3].map((number) => startDnsWorld({ dir: dir(`beside-${number}`) })));
    worlds.forEach(keep);

    expect(new Set(worlds.map((world) => world.dnsRoots)).size).toBe(3);
  });
});

describe('a relay', () => {
  it('can be silent by UDP, and be healthy again', async () => {
    const server = keep(await startKnot({ dir: dir('relayed'), zones: [shop] }));
    const relay = keep(await startRelay({ address: '127.0.0.74', port: server.port, to: server }));

    relay.behave({ dropUdp: true });
    const silent = await ask(relay, 'www.shop.test.', 'A', { timeoutMs: 100 });
    relay.behave({});

    expect(silent).toBeUndefined();
    expect(await eventually(() => dataOf(relay, 'www.shop.test.'))).toEqual(['192.0.2.1']);
  });
});
