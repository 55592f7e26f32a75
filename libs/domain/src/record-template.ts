import { ConnectError } from './connect-error.js';
import type { Hostname } from './hostname.js';
import { absoluteName, displayName, isWithin, ownerName, type OwnerName } from './names.js';
import { recordValue, txtValue, type WritableType } from './record-data.js';
import { recordSetKey, type RecordSet, type RecordSetKey } from './record-set.js';

/** One record of a template, as an application writes it. Name and value may hold `{{variables}}`; a TXT value is plain text. */
export type TemplateRecord = { type: WritableType; name: string; value: string; ttl_seconds?: number };

/** What a template may use without declaring it. */
export const builtInVariables = ['hostname', 'apex', 'subdomain'] as const;
export const defaultTtlSeconds = 300;
/** Less than one record can hold (65,535), and all of it fits into one message of the bus (1 MiB), in which an octet may take five characters. */
const mostOctetsOfValues = 64_000;

/**
 * Fills a template in for one hostname. `name` is absolute when it ends in the apex, else relative to the hostname; `@` is the hostname.
 * Every name must lie at or below the apex; all values together have at most 64,000 octets. Errors: `template_variable_missing`, `record_invalid`, `name_out_of_zone`, `template_conflict`.
 */
export function renderTemplate(records: TemplateRecord[], hostname: Hostname, variables: Record<string, string> = {}): RecordSet[] {
  const known: Record<string, string> = { ...variables, hostname: displayName(hostname.ownerName), apex: displayName(hostname.apex), subdomain: hostname.subdomain };
  const sets = new Map<RecordSetKey, RecordSet>();
  let octetsLeft = mostOctetsOfValues;
  for (const record of records) {
    const name = renderedName(fill(record.name, known), hostname);
    const text = fill(record.value, known);
    octetsLeft -= Buffer.byteLength(text);
    if (octetsLeft < 0) throw new ConnectError('record_invalid', { detail: `${record.type} ${record.name}: the values of all records together have at most ${mostOctetsOfValues} octets` });
    const value = record.type === 'TXT' ? txtValue(text) : recordValue(record.type, text);
    const set = { ownerName: name, type: record.type, ttlSeconds: record.ttl_seconds ?? defaultTtlSeconds, values: [value] };
    const same = sets.get(recordSetKey(set));
    if (same === undefined) sets.set(recordSetKey(set), set);
    else if (!same.values.includes(value)) same.values.push(value);
  }
  const rendered = [...sets.values()];
  assertNoCnameConflict(rendered);
  return rendered;
}

/** The names of all variables that a template uses and that the caller has to give. */
export function variablesOf(records: TemplateRecord[]): string[] {
  const names = records.flatMap((record) => [...`${record.name} ${record.value}`.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map((match) => match[1]!));
  return [...new Set(names)].filter((name) => !(builtInVariables as readonly string[]).includes(name));
}

function renderedName(text: string, hostname: Hostname): OwnerName {
  if (text === '@' || text === '') return hostname.ownerName;
  const absolute = ownerName(text);
  // A final dot says that the name is absolute: it is never read as relative.
  if (text.endsWith('.') && !isWithin(absolute, hostname.apex)) throw new ConnectError('name_out_of_zone', { detail: `${absolute} is not below ${hostname.apex}` });
  const name = isWithin(absolute, hostname.apex) ? absolute : absoluteName(text.toLowerCase(), hostname.ownerName);
  if (!isWithin(name, hostname.apex)) throw new ConnectError('name_out_of_zone', { detail: `${name} is not below ${hostname.apex}` });
  return name;
}

function fill(text: string, variables: Record<string, string>): string {
  return text.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, name: string) => {
    const value = variables[name];
    if (value === undefined) throw new ConnectError('template_variable_missing', { detail: `the variable "${name}" has no value` });
    return value;
  });
}

function assertNoCnameConflict(sets: RecordSet[]): void {
  for (const set of sets.filter((one) => one.type === 'CNAME')) {
    const others = sets.filter((other) => other !== set && other.ownerName === set.ownerName);
    if (others.length > 0 || set.values.length > 1) throw new ConnectError('template_conflict', { detail: `a CNAME at ${set.ownerName} allows no other record there (RFC 1034 3.6.2)` });
  }
}
