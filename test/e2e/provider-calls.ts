import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { providerCatalogue } from '@connect/adapters/catalogue';

/** Calls that reach the provider for each step, the same hostname's two record sets each time. */
export type CallCounts = { /** Nothing known yet: the zone is looked for. */ first: number; second: number; check: number; remove: number };

const file = join(process.cwd(), 'docs', 'provider-calls.md');
const head = [
  '# Calls to providers', '',
  '<!-- Measured by `npm run provider-calls`, which runs the whole product against every fake and real server; do not edit. -->', '',
  'What one customer costs the API of a provider. Every step writes or takes away two record sets, a CNAME and a TXT, with the narrowest credential that the provider',
  'knows. "first connect" knows nothing yet and looks for the zone; calls that wait for a change to be in effect, and looks at what was written, are counted.',
  'Where there is no compare-and-swap, a look that is half a second old at the time of the write is repeated; that is not counted.', '',
  '| key | provider | first connect | second connect in the same zone | check of the credential | remove |', '| --- | --- | --- | --- | --- | --- |',
];

/** Set by `npm run provider-calls`. */
export function isRecording(): boolean {
  return process.env['RECORD_PROVIDER_CALLS'] !== undefined;
}

export function recordCalls(measured: ReadonlyMap<string, CallCounts>): void {
  const before = callsTable();
  const rows = providerCatalogue.descriptors().flatMap(({ id, name }) => {
    const [calls, known] = [measured.get(id), callsOf(before, id)];
    if (calls !== undefined && known !== undefined && isAsRecorded(calls, known)) Object.assign(calls, Object.fromEntries(steps.map((step) => [step, Math.min(calls[step], known[step])])));
    return calls === undefined ? [] : [`| \`${id}\` | ${name} | ${calls.first} | ${calls.second} | ${calls.check} | ${calls.remove} |`];
  });
  writeFileSync(file, `${[...head, ...rows].join('\n')}\n`);
}

export function callsTable(): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/** What the table says of a provider; undefined: `npm run provider-calls` was not run since it came. */
export function callsOf(table: string, provider: string): CallCounts | undefined {
  const row = table.split('\n').find((line) => line.startsWith(`| \`${provider}\` |`));
  const [first, second, check, remove] = row?.split('|').slice(3, 7).map(Number) ?? [];
  return first === undefined || second === undefined || check === undefined || remove === undefined ? undefined : { first, second, check, remove };
}

/** A look that has become older than half a second before the write is repeated, which a busy machine brings about: the table keeps the least that was seen. */
const mostRepeatedLooks = 3;
const steps = ['first', 'second', 'check', 'remove'] as const satisfies readonly (keyof CallCounts)[];

export function isAsRecorded(measured: CallCounts, known: CallCounts): boolean {
  return steps.every((step) => Math.abs(measured[step] - known[step]) <= mostRepeatedLooks);
}
