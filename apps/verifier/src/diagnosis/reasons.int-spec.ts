import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ask, startBind, startDnsWorld, startKnot, type DnsWorld, type RunningDnsServer, type RunningKnot, type RunningUnbound } from '@connect/local-parts';
import { temporaryFolder, type TemporaryFolder } from '@connect/testing';
import { startScriptedServer } from './scripted-server.fake.js';
import { seeIn, setOf } from './verifier-world.fake.js';

/** Each reason by a server that really behaves so. The world is `com.`, so that a name server may have the name by which a proxy's provider is known. */
describe('why a domain is not live, or live and not reachable', () => {
  let folder: TemporaryFolder;
  let world: DnsWorld;
  let knot: RunningKnot;
  let bind: RunningDnsServer;
  let resolver: RunningUnbound;
  const toStop: { stop(): Promise<void> }[] = [];

  beforeAll(async () => {
    folder = temporaryFolder('reasons');
    world = await startDnsWorld({ dir: folder.path, tld: 'com.' });
    const [first, second, sick] = [world.place(), world.place(), world.place()];
    const ns = (zone: string, at: { address: string }): { name: string; address: string }[] => [{ name: `ns1.${zone}`, address: at.address }];
    const atProxy = [{ name: 'ada.ns.cloudflare.com.', address: first.address }];
    const records = [
      { name: 'www', type: 'A', value: '192.0.2.1' }, { name: 'old', type: 'A', value: '192.0.2.5', ttlSeconds: 600 },
      { name: '*.wild', type: 'A', value: '192.0.2.7' }, { name: 'own.wild', type: 'A', value: '192.0.2.7' }, { name: '_token.hidden.wild', type: 'TXT', value: '"t"' },
      { name: 'flat', type: 'A', value: '192.0.2.1' }, { name: 'mail', type: 'TXT', value: '"v=spf1 a include:saas.com -all"' },
      { name: 'loop1', type: 'CNAME', value: 'loop2' }, { name: 'loop2', type: 'CNAME', value: 'loop1' },
    ];
    knot = await startKnot({ ...first, dir: `${folder.path}/knot`, zones: [
      { name: 'shop.com.', records, nameServers: ns('shop.com.', first), ttlSeconds: 400, negativeTtlSeconds: 300 },
      { name: 'proxied.com.', records: [{ name: 'www', type: 'A', value: '104.16.1.1' }, { name: 'direct', type: 'A', value: '192.0.2.9' }], nameServers: atProxy },
      { name: 'cloudflare.com.', records: [{ name: 'ada.ns', type: 'A', value: first.address }], nameServers: ns('cloudflare.com.', first) },
      // The zone itself names a server of which the parent does not know.
      { name: 'lists.com.', records, nameServers: [...ns('lists.com.', first), { name: 'ns2.lists.com.', address: second.address }] },
    ] });
    bind = await startBind({ ...second, dir: `${folder.path}/bind`, zones: [{ name: 'bind.com.', records, nameServers: ns('bind.com.', second) }, { name: 'lists.com.', records, nameServers: ns('lists.com.', first) }] });
    toStop.push(await startScriptedServer(sick, () => ({ rcode: 'SERVFAIL' })));
    await world.delegate('shop.com.', ns('shop.com.', first));
    await world.delegate('cloudflare.com.', ns('cloudflare.com.', first));
    await world.delegate('proxied.com.', atProxy);
    await world.delegate('bind.com.', ns('bind.com.', second));
    await world.delegate('lists.com.', ns('lists.com.', first));
    await world.delegate('sick.com.', ns('sick.com.', sick));
    await world.delegate('refused.com.', ns('refused.com.', second));
    // The parent's own server has no authority below its delegation: it can only refer, in a circle.
    await world.delegate('lame.com.', [{ name: 'ns1.lame.com.', address: world.tldServer.address }]);
    resolver = await world.startResolver();
    toStop.push(knot, bind, world);
  }, 60_000);

  afterAll(async () => {
    await Promise.all(toStop.map((part) => part.stop()));
    folder.remove();
  });

  it('negative_cached: the resolver was asked too early, and says by its SOA for how long it remembers', async () => {
    const before = await seeIn(world, setOf('new.shop.com', 'A', '192.0.2.2'), { resolvers: [resolver] });
    expect(before.diagnosis).toMatchObject({ isVisible: null, sights: [] }); // not published, so no resolver was asked by us
    await somebodyAsks('new.shop.com.');
    await knot.change('shop.com.', { add: [{ name: 'new.shop.com.', type: 'A', value: '192.0.2.2' }] });

    const { look, diagnosis } = await seeIn(world, setOf('new.shop.com', 'A', '192.0.2.2'), { resolvers: [resolver] });

    expect(look.conclusion.verdict).toBe('published');
    expect(diagnosis).toMatchObject({ isVisible: false, codes: ['expected_value', 'negative_cached'] });
    const [finding] = diagnosis.findings;
    expect(finding?.detail).toMatch(/^the resolver \S+ says NXDOMAIN for (29\d|300) s more$/);
    expect(secondsAfter(look.observedAt, finding?.expectedBy)).toBe(diagnosis.sights[0]?.secondsLeft);
  });

  it('old_value_cached: the resolver remembers the data from before, as long as their TTL says', async () => {
    await somebodyAsks('old.shop.com.');
    await knot.change('shop.com.', { remove: [{ name: 'old.shop.com.', type: 'A' }], add: [{ name: 'old.shop.com.', type: 'A', value: '192.0.2.6', ttlSeconds: 5 }] });

    const { look, diagnosis } = await seeIn(world, setOf('old.shop.com', 'A', '192.0.2.6'), { resolvers: [resolver] });

    expect(diagnosis).toMatchObject({ isVisible: false, codes: ['expected_value', 'old_value_cached'] });
    expect(diagnosis.findings[0]?.detail).toMatch(/^the resolver \S+ says A 192\.0\.2\.5 for (59\d|600) s more$/);
    expect(secondsAfter(look.observedAt, diagnosis.findings[0]?.expectedBy)).toBeGreaterThan(500);

    await resolver.flush('shop.com.');
    expect((await seeIn(world, setOf('old.shop.com', 'A', '192.0.2.6'), { resolvers: [resolver] })).diagnosis).toMatchObject({ isVisible: true, findings: [] });
  });

  it.each([['flat.shop.com', 'ALIAS', 'www.shop.com.'], ['flat.shop.com', 'CNAME', 'www.shop.com.'], ['mail.shop.com', 'TXT', '"v=spf1 include:saas.com ~all"']])(
    'visible: a resolver shows a flattened alias and a merged SPF record as what they stand for: %s %s', async (name, type, value) => {
      const { look, diagnosis } = await seeIn(world, setOf(name, type, value), { resolvers: [resolver] });

      expect(look.conclusion.verdict).toBe('published');
      expect(diagnosis).toMatchObject({ isVisible: true, findings: [] });
    },
  );

  it.each(['shop.com', 'bind.com'])('wildcard_shadow: the expected answer comes from a wildcard, by Knot and by BIND: %s', async (zone) => {
    const { look, diagnosis } = await seeIn(world, setOf(`any.wild.${zone}`, 'A', '192.0.2.7'));

    expect(look.conclusion.verdict).toBe('published');
    expect(diagnosis.findings).toEqual([expect.objectContaining({ code: 'wildcard_shadow', detail: `there is no record at any.wild.${zone}.: A 192.0.2.7 comes from a wildcard above it` })]);
  });

  it('wildcard_shadow: also where the wildcard answers something else, and where an alias is expected and addresses are there', async () => {
    expect((await seeIn(world, setOf('any.wild.shop.com', 'A', '192.0.2.1'))).diagnosis.codes).toEqual(['conflicting_value', 'wildcard_shadow']);
    expect((await seeIn(world, setOf('any.wild.shop.com', 'CNAME', 'www.shop.com.'))).diagnosis.codes).toEqual(['conflicting_value', 'wildcard_shadow']);
  });

  it('wildcard_shadow: not where a record stands at the name with the wildcard’s own value', async () => {
    expect((await seeIn(world, setOf('own.wild.shop.com', 'A', '192.0.2.7'))).diagnosis).toMatchObject({ findings: [], codes: ['expected_value'] });
  });

  it.each(['shop.com', 'bind.com'])('wildcard_shadow: a name that exists by a name below it is not covered, by Knot and by BIND: %s', async (zone) => {
    const { diagnosis } = await seeIn(world, setOf(`hidden.wild.${zone}`, 'A', '192.0.2.7'));

    expect(diagnosis.codes).toEqual(['missing_value', 'wildcard_shadow']);
    expect(diagnosis.findings.find((finding) => finding.code === 'wildcard_shadow')?.detail).toContain(`hidden.wild.${zone}. exists without A, if only by a name below it`);
  });

  it('proxied: the provider of the name servers answers with its proxy', async () => {
    const { look, diagnosis } = await seeIn(world, setOf('www.proxied.com', 'CNAME', 'www.shop.com.'));

    expect(look.conclusion).toMatchObject({ verdict: 'conflicting', codes: ['proxied'] });
    expect(diagnosis.findings[0]?.detail).toMatch(/^ada\.ns\.cloudflare\.com \(\S+\) says A 104\.16\.1\.1$/);
    expect((await seeIn(world, setOf('direct.proxied.com', 'A', '192.0.2.1'))).look.conclusion.codes).toEqual(['conflicting_value']);
  });

  it('delegation_mismatch: the zone names a server that the parent does not', async () => {
    const { diagnosis } = await seeIn(world, setOf('www.lists.com', 'A', '192.0.2.1'));

    expect(diagnosis.codes).toContain('delegation_mismatch');
    expect(diagnosis.findings).toEqual([{ code: 'delegation_mismatch', ownerName: 'lists.com.', type: 'NS', detail: 'only lists.com. itself names ns2.lists.com.', expectedBy: null }]);
  });

  it.each([
    ['cname_loop', 'loop1.shop.com', 'conflicting'], ['servfail', 'www.sick.com', 'unknown'], ['refused', 'www.refused.com', 'unknown'], ['lame', 'www.lame.com', 'unknown'], ['nxdomain', 'none.shop.com', 'absent'],
    ['conflicting_value', 'old.bind.com', 'conflicting'],
  ])('%s: as %s shows', async (code, name, verdict) => {
    const { look, diagnosis } = await seeIn(world, setOf(name, 'A', '192.0.2.1'));

    expect(look.conclusion).toMatchObject({ verdict, codes: [code] });
    expect(diagnosis.findings).toEqual([expect.objectContaining({ code, ownerName: `${name}.`, detail: expect.stringMatching(/^\S+ \(127\.\S+\) says /) })]);
  });

  it('unreachable: nobody is at the address', async () => {
    await world.delegate('dead.com.', [{ name: 'ns1.dead.com.', address: world.place().address }]);

    expect((await seeIn(world, setOf('www.dead.com', 'A', '192.0.2.1'))).diagnosis.findings).toEqual([expect.objectContaining({ code: 'unreachable', detail: expect.stringContaining('gives no answer') })]);
  });

  /** A customer who tries the name before it is there. */
  async function somebodyAsks(name: string): Promise<void> {
    await ask(resolver, name, 'A', { recursive: true });
  }
});

function secondsAfter(from: Date, until: Date | null | undefined): number {
  return ((until?.getTime() ?? 0) - from.getTime()) / 1_000;
}
