import { ProviderError, absoluteName, recordValue, relativeName, txtText, txtValue, type OwnerName, type RecordSet, type RecordType, type RecordValue } from '@connect/domain';
import { readOrKept, setsOfRecords, type RecordsBySet } from '../../base/index.js';
import type { RecordAnswer } from './schema.js';

/** The records of a set with their ids; one value may stand there twice, since creates are never refused as copies. */
export type NativeSets = RecordsBySet<number>;
/** Without the type, which cannot change. Fields that are foreign to the type are refused. */
export type RecordFields = { name?: string; service?: string; protocol?: string; target: string; ttl_sec: number; priority?: number; weight?: number; port?: number; tag?: string };

/** What 0 at the zone means. */
const defaultTtlSeconds = 86_400;
/** Of a name, relative to the zone. https://techdocs.akamai.com/linode-api/reference/post-domain-record */
const longestName = 100;

/** A record with the TTL 0 has that of its zone. */
export function toRecordSets(answers: readonly RecordAnswer[], apex: OwnerName, zoneTtlSeconds: number): { recordSets: RecordSet[]; native: NativeSets } {
  const records = answers.map((answer) => ({ ownerName: absoluteName(answer.name, apex), type: answer.type, ttlSeconds: answer.ttl_sec || zoneTtlSeconds || defaultTtlSeconds, value: fromTheirs(answer), native: answer.id }));
  return setsOfRecords(records);
}

function fromTheirs(answer: RecordAnswer): RecordValue {
  return readOrKept(answer.target, () => recordValue(answer.type, presentationOf(answer)));
}

/** Host names come absolute without a final dot, that of a null MX is empty. TXT comes raw and joined; CAA has no flags. */
function presentationOf({ type, target, priority, weight, port, tag }: RecordAnswer): string {
  const host = target === '' ? '.' : target;
  switch (type) {
    case 'MX':
      return `${priority} ${host}`;
    case 'SRV':
      return `${priority} ${weight} ${port} ${host}`;
    case 'CAA':
      return `0 ${tag} "${target.replaceAll(/["\\]/g, '\\$&')}"`;
    case 'TXT':
      return txtValue(target);
    default:
      return target;
  }
}

/** Throws `unsupported` for a name that the API has no room for. */
export function toFields(set: { ownerName: OwnerName; type: RecordType }, value: RecordValue, ttlSeconds: number, apex: OwnerName): RecordFields {
  const name = relativeName(set.ownerName, apex);
  if (name.length > longestName) throw new ProviderError('unsupported', { detail: `a name has at most ${longestName} characters` });
  const fields = value.split(' ');
  switch (set.type) {
    case 'MX':
      return { name, ttl_sec: ttlSeconds, priority: Number(fields[0]), target: fields[1]! };
    case 'SRV':
      return { ...serviceOf(name), ttl_sec: ttlSeconds, priority: Number(fields[0]), weight: Number(fields[1]), port: Number(fields[2]), target: fields[3]! };
    case 'CAA':
      return { name, ttl_sec: ttlSeconds, tag: fields[1]!, target: txtText(fields.slice(2).join(' ')) };
    case 'TXT':
      return { name, ttl_sec: ttlSeconds, target: txtText(value) };
    default:
      return { name, ttl_sec: ttlSeconds, target: value };
  }
}

/** An SRV record has no name: it is made of service and protocol, to which they add the underscores, and stands directly below the apex. */
function serviceOf(name: string): { service: string; protocol: string } {
  const [, service, protocol] = /^_([^.]+)\._([^.]+)$/.exec(name) ?? [];
  if (service === undefined || protocol === undefined) throw new ProviderError('unsupported', { detail: 'an SRV record is at _service._protocol directly below the zone' });
  return { service, protocol };
}
