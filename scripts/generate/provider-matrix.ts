import { writableTypes } from '@connect/domain';
import { providerCatalogue, type ProviderDescriptor } from '@connect/adapters/catalogue';
import { conformanceCases } from '@connect/adapters/conformance';
import { madeBy, type GeneratedFile } from './generated-file.js';
import { table } from './markdown-table.js';

/** `docs/providers.md`: what each provider can do, and which cases of the suite are left out for which reason. */
export function providerMatrix(): GeneratedFile[] {
  const descriptors = providerCatalogue.descriptors();
  const text = [
    '# Providers', '', `<!-- ${madeBy} -->`, '',
    'What each adapter can do, from its descriptor (`libs/adapters/src/providers/<key>/descriptor.ts`). A capability that is not named is *no*.',
    'How many calls a connection costs, measured through the whole product, stands in [provider-calls.md](provider-calls.md).',
    '', '## How safe a write is', '',
    'Where the API has compare-and-swap, a write is refused if the set moved since it was read. Where it has none, the adapter looks again directly before it',
    'writes, and once more afterwards: at once where the settle time is 0 s, else when it is over. A value that stood beside the write and is gone then is put back',
    '(up to ten minutes after the write; later, and where another value stands in its place, it is only told, since its owner may have done it), is an error in the log, and stands in the receipt as',
    '`foreign_losses`. What remains: a value that another writer sets between the last look and the write was never seen, and a write of the whole set or zone',
    'replaces it without a trace.', '',
    ...table(['provider', 'key', 'writes', 'compare-and-swap', 'one call is all or nothing', 'changes a call', 'reads single names', 'settle time'], descriptors.map((d) => [
      d.name, `\`${d.id}\``, d.granularity.replace('_', ' '), d.writeGuard === 'compare_and_swap' ? 'yes' : 'no: window narrowed', yesNo(d.atomicWrite), `${d.maxChangesPerWrite}`, yesNo(d.partialRead), `${d.settleTimeMs / 1000} s`,
    ])),
    '', '## What can be written', '',
    ...table(['key', ...writableTypes, 'apex alias', 'wildcard', 'TTL in s', 'TXT octets', 'other'], descriptors.map((d) => [
      `\`${d.id}\``, ...writableTypes.map((type) => (d.capabilities.types.includes(type) ? 'yes' : '–')), d.capabilities.apexAlias.replaceAll('_', ' '), yesNo(d.capabilities.wildcard),
      `${d.capabilities.ttl.minSeconds}–${d.capabilities.ttl.maxSeconds}`, `${d.capabilities.maxTxtBytes}`, refusals(d),
    ])),
    '', '## Limits, gates, credentials', '',
    ...table(['key', 'credential', 'gate', 'limits', 'sunset'], descriptors.map((d) => [
      `\`${d.id}\``, `\`${d.credential.format}\``, d.credential.gate ?? 'none', d.limits.map((l) => `${l.amount} ${l.calls === 'all' ? 'calls' : `${l.calls}s`} in ${l.windowSeconds} s per ${l.scope}`).join('; ') || 'none',
      d.sunset === null ? '–' : `${d.sunset.date}: ${d.sunset.note}`,
    ])),
    '', '## Without an adapter', '',
    ...table(['provider', 'key', 'way', 'gate'], providerCatalogue.list().flatMap((entry) => (entry.setup === 'credential' ? [] : [[entry.name, `\`${entry.id}\``, entry.setup, entry.gate ?? 'none']]))),
    '', '## The conformance suite', '',
    `Every provider passes the same ${conformanceCases.length} cases (\`libs/adapters/src/conformance/cases\`), except those that its descriptor rules out:`, '',
    ...table(['key', 'cases', 'left out, and why'], descriptors.map((descriptor) => {
      const leftOut = leftOutOf(descriptor);
      return [`\`${descriptor.id}\``, `${conformanceCases.length - leftOut.length} of ${conformanceCases.length}`, grouped(leftOut)];
    })),
    '',
  ].join('\n');
  return [{ path: 'docs/providers.md', text }];
}

function leftOutOf(descriptor: ProviderDescriptor): { name: string; reason: string }[] {
  return conformanceCases.flatMap((each) => {
    const reason = each.leftOut?.({ protocol: descriptor.protocol ?? 'http', oddTypes: ['SSHFP'], descriptor }) ?? null;
    return reason === null ? [] : [{ name: each.name, reason }];
  });
}

function grouped(leftOut: readonly { name: string; reason: string }[]): string {
  const reasons = [...new Set(leftOut.map(({ reason }) => reason))];
  return reasons.map((reason) => `${reason} (${leftOut.filter((each) => each.reason === reason).length})`).join('; ') || 'none';
}

function refusals({ capabilities: c }: ProviderDescriptor): string {
  const missing = [[c.underscoreNames, 'underscore names'], [c.nullMx, 'null MX'], [c.srvDotTarget, 'SRV to "."'], [c.caaIssuerCritical, 'critical CAA'], [c.emptyTxt, 'empty TXT'], [c.nonAsciiTxt, 'non-ASCII TXT'], [c.listsZones, 'listing of zones']] as const;
  return missing.flatMap(([has, name]) => (has ? [] : [`no ${name}`])).join(', ') || '–';
}

function yesNo(value: boolean): string {
  return value ? 'yes' : 'no';
}
