import { absoluteName, recordValue, relativeName, txtBytes, txtValue, type OwnerName, type RecordSet, type RecordType, type RecordValue } from '@connect/domain';
import { readOrKept, setsOfRecords, type RecordsBySet } from '../../base/index.js';
import type { RecordAnswer } from './schema.js';

export type NativeSets = RecordsBySet<string>;
type Data = { value: string } | { value: string; mxPriority: number } | { srv: { priority: number; weight: number; port: number; target: string } } | { https: { priority: number; target: string; params?: string } };
export type RecordPatch = Data & { ttl: number };
export type RecordBody = RecordPatch & { type: RecordType; name: string };

/** The TTL of a record that was made without one. */
const defaultTtlSeconds = 60;

/** Records of the system cannot be changed, and a record of ours at the same name comes before them: they are not part of the zone. */
export function toRecordSets(answers: readonly RecordAnswer[], apex: OwnerName): { recordSets: RecordSet[]; native: NativeSets } {
  const own = answers.filter(({ creator }) => creator !== 'system');
  const records = own.map((answer) => ({ ownerName: answer.name === '@' ? apex : absoluteName(answer.name, apex), type: answer.type, ttlSeconds: answer.ttl ?? defaultTtlSeconds, value: fromTheirs(answer), native: answer.id }));
  return setsOfRecords(records);
}

function fromTheirs(answer: RecordAnswer): RecordValue {
  return readOrKept(answer.value, () => answer.type === 'TXT' ? txtValue(answer.value) : recordValue(answer.type, presentationOf(answer)));
}

function presentationOf({ type, value, priority, mxPriority }: RecordAnswer): string {
  if (type === 'MX') return `${mxPriority ?? priority} ${value}`;
  return type === 'SRV' || type === 'HTTPS' ? `${priority} ${value}` : value;
}

export function toBody(set: { ownerName: OwnerName; type: RecordType }, value: RecordValue, ttlSeconds: number, apex: OwnerName): RecordBody {
  return { type: set.type, name: relativeName(set.ownerName, apex), ...toPatch(set.type, value, ttlSeconds) };
}

/** What an update may change: the type stays, the name is not sent. SRV and HTTPS have a field of their own, and `value` beside it is refused. */
export function toPatch(type: RecordType, value: RecordValue, ttlSeconds: number): RecordPatch {
  return { ...dataOf(type, value), ttl: ttlSeconds };
}

function dataOf(type: RecordType, value: RecordValue): Data {
  const fields = value.split(' ');
  switch (type) {
    case 'MX':
      return { mxPriority: Number(fields[0]), value: fields[1]! };
    case 'SRV':
      return { srv: { priority: Number(fields[0]), weight: Number(fields[1]), port: Number(fields[2]), target: fields[3]! } };
    case 'HTTPS': {
      const params = fields.slice(2).join(' ');
      return { https: { priority: Number(fields[0]), target: fields[1]!, ...(params === '' ? {} : { params }) } };
    }
    case 'TXT':
      return { value: txtBytes(value).toString('utf8') };
    default:
      return { value };
  }
}
