import assert from 'node:assert/strict';
import { recordValue, sameValues, txtValue, txtValueOfBytes } from '@connect/domain';
import { valueRefusal } from '../../base/index.js';
import { needs, type ConformanceCase } from '../conformance-case.js';
import { changeTo, find, setOf, type Stage } from '../stage.js';

type Sample = { name: string; type: string; at?: string; values: string[]; leftOut?: ConformanceCase['leftOut'] };

const type = (wanted: string): NonNullable<ConformanceCase['leftOut']> => ({ descriptor }) => needs(descriptor.capabilities.types.includes(wanted), `no ${wanted} records`);
const txtOf = (octets: number): NonNullable<ConformanceCase['leftOut']> => ({ descriptor }) => needs(descriptor.capabilities.maxTxtBytes >= octets, `TXT has at most ${descriptor.capabilities.maxTxtBytes} octets`);
const long = (octets: number): string => txtValue('0123456789'.repeat(Math.ceil(octets / 10)).slice(0, octets));

const samples: readonly Sample[] = [
  ...[255, 256, 512, 2048].map((octets): Sample => ({ name: `a TXT record of ${octets} octets`, type: 'TXT', values: [long(octets)], leftOut: txtOf(octets) })),
  { name: 'TXT with quotes', type: 'TXT', values: [txtValue('say "hello" twice ""')] },
  { name: 'TXT with backslashes', type: 'TXT', values: [txtValue('C:\\zone\\file \\"')] },
  { name: 'TXT with semicolons, as DKIM has', type: 'TXT', at: 'key._domainkey', values: [txtValue('v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQ==')] },
  { name: 'TXT with spaces at both ends', type: 'TXT', values: [txtValue('  spaces  ')] },
  { name: 'TXT that looks like a number, an escape or a comment', type: 'TXT', values: [txtValue('12345'), txtValue('\\065'), txtValue('; no comment'), txtValue('@')] },
  { name: 'TXT with Unicode', type: 'TXT', values: [txtValue('grüße, 日本')], leftOut: ({ descriptor }) => needs(descriptor.capabilities.nonAsciiTxt, 'TXT is ASCII only') },
  { name: 'TXT with octets that are no text', type: 'TXT', values: [txtValueOfBytes(Uint8Array.from([1, 2, 127, 200, 255]))], leftOut: ({ descriptor }) => needs(descriptor.capabilities.nonAsciiTxt, 'TXT is ASCII only') },
  { name: 'an empty TXT record', type: 'TXT', values: ['""'], leftOut: ({ descriptor }) => needs(descriptor.capabilities.emptyTxt, 'no empty TXT') },
  { name: 'several TXT values at one name', type: 'TXT', values: ['"one"', '"two"', '"three"', '"v=spf1 -all"'] },
  { name: 'TXT values that differ only in case', type: 'TXT', values: ['"Token"', '"token"'] },
  { name: 'several A records', type: 'A', values: ['192.0.2.1', '192.0.2.2', '192.0.2.3'] },
  { name: 'AAAA in its short form', type: 'AAAA', values: ['2001:db8::1', '2001:db8:0:1::', '::ffff:192.0.2.1'] },
  { name: 'MX with equal preference', type: 'MX', at: '', values: ['10 a.example.net.', '10 b.example.net.'] },
  { name: 'MX with preference 0', type: 'MX', values: ['0 mail.example.net.'] },
  { name: 'null MX', type: 'MX', values: ['0 .'], leftOut: ({ descriptor }) => needs(descriptor.capabilities.nullMx, 'no null MX') },
  { name: 'SRV', type: 'SRV', at: '_sip._tcp', values: ['10 60 5060 a.example.net.', '10 20 5060 b.example.net.'], leftOut: type('SRV') },
  { name: 'SRV with the target "."', type: 'SRV', at: '_sip._tcp', values: ['0 0 0 .'], leftOut: ({ descriptor }) => needs(descriptor.capabilities.srvDotTarget, 'no SRV with the target "."') },
  { name: 'CAA issue, issuewild and iodef', type: 'CAA', values: ['0 issue "ca.example.net"', '0 issuewild ";"', '0 iodef "mailto:ca@example.net"'], leftOut: type('CAA') },
  { name: 'CAA with the critical flag', type: 'CAA', values: ['128 issue "ca.example.net"'], leftOut: ({ descriptor }) => needs(descriptor.capabilities.types.includes('CAA') && descriptor.capabilities.caaIssuerCritical, 'no critical flag') },
  { name: 'CAA with a parameter', type: 'CAA', values: ['0 issue "ca.example.net; account=12345"'], leftOut: type('CAA') },
  { name: 'HTTPS with parameters', type: 'HTTPS', values: ['1 . alpn=h2,h3'], leftOut: type('HTTPS') },
  { name: 'HTTPS as an alias', type: 'HTTPS', values: ['0 target.example.net.'], leftOut: type('HTTPS') },
  { name: 'NS of a delegation', type: 'NS', at: 'child', values: ['ns1.example.net.', 'ns2.example.net.'], leftOut: type('NS') },
  { name: 'a CNAME with an underscore target', type: 'CNAME', at: '_acme-challenge.www', values: ['_acme.example.net.'] },
  { name: 'an A record at a wildcard', type: 'A', at: '*.preview', values: ['192.0.2.1'], leftOut: ({ descriptor }) => needs(descriptor.capabilities.wildcard, 'no wildcards') },
  { name: 'a TXT record at an underscore name', type: 'TXT', at: '_dmarc', values: ['"v=DMARC1; p=none"'], leftOut: ({ descriptor }) => needs(descriptor.capabilities.underscoreNames, 'no underscore names') },
  { name: 'a TXT record at the apex', type: 'TXT', at: '', values: ['"site-verification=abc"'] },
  { name: 'a record at an IDN name', type: 'A', at: 'xn--bcher-kva', values: ['192.0.2.1'] },
  { name: 'a record nine labels deep', type: 'A', at: 'a.b.c.d.e.f.g.h.i', values: ['192.0.2.1'] },
  { name: 'a label of 63 octets', type: 'A', at: 'x'.repeat(63), values: ['192.0.2.1'] },
];

/** What goes out comes back: through the adapter, and as the provider really holds it. */
export const dataCases: readonly ConformanceCase[] = samples.map(({ name, type: recordType, at = 'data', values, leftOut }) => ({
  name: `writes and reads ${name}`,
  area: 'data',
  leftOut: (world) => leftOut?.(world) ?? refusedData(world.descriptor, recordType, values),
  run: (stage: Stage) => roundTrip(stage, at, recordType, values),
}));

/** What the descriptor names as data that the provider refuses; that the base refuses it is the base's own test. */
function refusedData({ capabilities }: Parameters<NonNullable<ConformanceCase['leftOut']>>[0]['descriptor'], recordType: string, values: readonly string[]): string | null {
  const refused = (capabilities.refusedData ?? []).length === 0 ? undefined : values.map((value) => valueRefusal(recordType, recordValue(recordType, value), capabilities)).find((reason) => reason !== null);
  return refused === undefined ? null : `no ${refused.replace(/^an? /, '')}`;
}

async function roundTrip(stage: Stage, at: string, recordType: string, values: string[]): Promise<void> {
  const { held, zone, adapter } = await stage.zone([{ name: 'other', type: 'A', value: '192.0.2.99' }]);
  const wanted = setOf(held.apex, at, recordType, values, 3600);
  const before = await stage.read(adapter, zone);
  const outcomes = await stage.apply(adapter, zone, [changeTo(before, wanted)], before);
  assert.deepEqual(outcomes.map(({ status, detail }) => ({ status, detail })), [{ status: 'applied', detail: null }]);
  const after = await stage.read(adapter, zone);
  for (const sets of [after.recordSets, await held.readBack()]) {
    const found = find(sets, wanted.ownerName, recordType);
    assert.ok(found !== null && sameValues(found, wanted), `${JSON.stringify(found?.values)} instead of ${JSON.stringify(wanted.values)}`);
  }
}
