import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { movableClock } from '@connect/domain';
import { startDnsWorld, startKnot, startPowerdns, type DnsWorld, type RunningKnot, type RunningPowerdns, type RunningUnbound } from '@connect/local-parts';
import { temporaryFolder, type TemporaryFolder } from '@connect/testing';
import { seeIn, setOf } from './verifier-world.fake.js';

/** A signed world: the root and the top-level domain by Knot, a resolver that validates. What breaks is what customers break. */
describe('a zone and its DNSSEC', () => {
  let folder: TemporaryFolder;
  let world: DnsWorld;
  let knot: RunningKnot;
  let copy: RunningKnot;
  let powerdns: RunningPowerdns;
  let resolver: RunningUnbound;
  const wrongDs = '12345 13 2 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff';

  beforeAll(async () => {
    folder = temporaryFolder('dnssec');
    world = await startDnsWorld({ dir: folder.path, isSigned: true });
    const [first, second, third] = [world.place(), world.place(), world.place()];
    const records = [{ name: 'www', type: 'A', value: '192.0.2.1' }, { name: 'alias', type: 'CNAME', value: 'Edge.SaaS.test.' }, { name: 'mail', type: 'MX', value: '10 www' }, { name: 'caa', type: 'CAA', value: '0 Issue "ca.test"' }, { name: '*.wild', type: 'TXT', value: '"any"' }];
    const at = (zone: string, ...places: { address: string }[]): { name: string; address: string }[] => places.map(({ address }, i) => ({ name: `ns${i + 1}.${zone}`, address }));
    const zone = (name: string, isSigned: boolean): { name: string; isSigned: boolean; records: typeof records; nameServers: { name: string; address: string }[] } => ({ name, isSigned, records, nameServers: at(name, first) });
    const half = { name: 'half.test.', records, nameServers: at('half.test.', first, second) };
    knot = await startKnot({ ...first, dir: `${folder.path}/knot`, zones: [zone('good.test.', true), zone('rekeyed.test.', true), zone('moved.test.', false), zone('plain.test.', false), { ...half, isSigned: true }] });
    copy = await startKnot({ ...second, dir: `${folder.path}/copy`, zones: [half] });
    powerdns = await startPowerdns({ ...third, dir: `${folder.path}/pdns`, zones: [{ name: 'pdns.test.', records, nameServers: at('pdns.test.', third) }] });
    const ds = await signAtPowerdns('pdns.test.');
    await world.delegate('good.test.', at('good.test.', first), { ds: await knot.ds('good.test.') });
    await world.delegate('half.test.', at('half.test.', first, second), { ds: await knot.ds('half.test.') });
    await world.delegate('rekeyed.test.', at('rekeyed.test.', first), { ds: wrongDs });
    await world.delegate('moved.test.', at('moved.test.', first), { ds: wrongDs });
    await world.delegate('plain.test.', at('plain.test.', first));
    await world.delegate('pdns.test.', at('pdns.test.', third), { ds });
    resolver = await world.startResolver();
  }, 60_000);

  afterAll(async () => {
    await Promise.all([knot, copy, powerdns, world].map((part) => part?.stop()));
    folder.remove();
  });

  async function signAtPowerdns(zone: string): Promise<string> {
    const headers = { 'X-API-Key': powerdns.apiKey, 'Content-Type': 'application/json' };
    await fetch(`${powerdns.apiUrl}/zones/${zone}`, { method: 'PUT', headers, body: JSON.stringify({ dnssec: true }) });
    const keys = (await (await fetch(`${powerdns.apiUrl}/zones/${zone}/cryptokeys`, { headers })).json()) as { ds?: string[] }[];
    return keys.flatMap((key) => key.ds ?? []).find((ds) => ds.split(' ')[2] === '2') ?? '';
  }

  it.each([
    ['www.good.test', 'A', '192.0.2.1'], ['alias.good.test', 'CNAME', 'edge.saas.test.'], ['mail.good.test', 'MX', '10 www.good.test.'], ['caa.good.test', 'CAA', '0 issue "ca.test"'], ['a.b.wild.good.test', 'TXT', '"any"'],
    ['www.pdns.test', 'A', '192.0.2.1'], ['a.b.wild.pdns.test', 'TXT', '"any"'],
  ])('is secure where the chain holds, by Knot and by PowerDNS: %s %s', async (name, type, value) => {
    const { look, diagnosis } = await seeIn(world, setOf(name, type, value));

    expect(look.conclusion.verdict).toBe('published');
    expect(diagnosis.links.map((link) => link.status)).toEqual(['secure', 'secure', 'secure']);
    expect(diagnosis.codes).not.toContain('dnssec_bogus');
  });

  it('is insecure, and nothing is wrong with that, where the parent has no DS', async () => {
    const { diagnosis } = await seeIn(world, setOf('www.plain.test', 'A', '192.0.2.1'), { resolvers: [resolver] });

    expect(diagnosis).toMatchObject({ findings: [], codes: ['expected_value'], isVisible: true });
    expect(diagnosis.links.at(-1)).toMatchObject({ zone: 'plain.test.', status: 'insecure' });
  });

  it('is bogus where the domain moved to a provider that does not sign and the DS stayed behind; published all the same, and the resolver bears us out', async () => {
    const { look, diagnosis } = await seeIn(world, setOf('www.moved.test', 'A', '192.0.2.1'), { resolvers: [resolver] });

    expect(look.conclusion.verdict).toBe('published');
    expect(diagnosis).toMatchObject({ codes: ['dnssec_bogus', 'expected_value'], isVisible: false });
    expect(diagnosis.findings.map((finding) => finding.detail)).toEqual([
      'the parent has a DS record for moved.test. (key tag 12345), but the zone is not signed', expect.stringMatching(/^the resolver 127\.\S+ says SERVFAIL$/),
    ]);
  });

  it('is bogus where the DS fits none of its keys', async () => {
    const { diagnosis } = await seeIn(world, setOf('www.rekeyed.test', 'A', '192.0.2.1'));

    expect(diagnosis.findings).toEqual([expect.objectContaining({ code: 'dnssec_bogus', detail: 'the parent has a DS record for rekeyed.test. (key tag 12345), but none of the zone’s keys fits it' })]);
  });

  it('is bogus at the one server that serves it without signatures', async () => {
    const { look, diagnosis } = await seeIn(world, setOf('www.half.test', 'A', '192.0.2.1'));

    expect(look.conclusion.verdict).toBe('published');
    expect(diagnosis.findings).toEqual([expect.objectContaining({ code: 'dnssec_bogus', detail: 'there is no signature at ns2.half.test' })]);
  });

  it('is bogus once the signatures have expired', async () => {
    const inTenYears = movableClock(new Date(Date.now() + 10 * 365 * 86_400_000));
    const { diagnosis } = await seeIn(world, setOf('www.good.test', 'A', '192.0.2.1'), { judgeAt: inTenYears });

    expect(diagnosis.findings).toEqual([expect.objectContaining({ code: 'dnssec_bogus', detail: expect.stringContaining('the signatures have expired') })]);
  });
});
