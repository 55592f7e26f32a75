import { absoluteName, displayName, ownerName, recordValue, relativeName, txtBytes, txtValue, type OwnerName, type RecordSet, type RecordType, type RecordValue } from '@connect/domain';
import { readOrKept, setsOfRecords, type RecordsBySet } from '../../base/index.js';
import type { RecordAnswer } from './schema.js';

/** The records of a set with their ids; one value may stand there twice, since creates are never refused as copies. */
export type NativeSets = RecordsBySet<number>;
export type RecordBody = { type: RecordType; name: string; data: string; ttl: number; priority?: number; weight?: number; port?: number; flags?: number; tag?: string };

/** The default of a domain, which a record without a TTL has. */
const defaultTtlSeconds = 1_800;

export function toRecordSets(answers: readonly RecordAnswer[], apex: OwnerName): { recordSets: RecordSet[]; native: NativeSets } {
  const records = answers.map((answer) => ({ ownerName: fromTheirName(answer.name, apex), type: answer.type, ttlSeconds: answer.ttl ?? defaultTtlSeconds, value: fromTheirs(answer, apex), native: answer.id }));
  return setsOfRecords(records);
}

/** Names come relative, the apex as `@`. */
function fromTheirName(name: string, apex: OwnerName): OwnerName {
  return name === '@' ? apex : absoluteName(name, apex);
}

function fromTheirs(answer: RecordAnswer, apex: OwnerName): RecordValue {
  return readOrKept(answer.data, () => recordValue(answer.type, presentationOf(answer, apex)));
}

/** Host names come absolute without a final dot; `@` is the apex. TXT comes raw and joined. */
function presentationOf({ type, data, priority, weight, port, flags, tag }: RecordAnswer, apex: OwnerName): string {
  const host = data === '@' ? apex : data;
  switch (type) {
    case 'CNAME':
    case 'NS':
      return host;
    case 'MX':
      return `${priority} ${host}`;
    case 'SRV':
      return `${priority} ${weight} ${port} ${host}`;
    case 'CAA':
      return `${flags} ${tag} "${data.replaceAll(/["\\]/g, '\\$&')}"`;
    case 'TXT':
      return txtValue(data);
    default:
      return data;
  }
}

/** Host names go with their final dot (422 without it), also the issuer of a CAA record. An update sends everything again. */
export function toBody(set: { ownerName: OwnerName; type: RecordType }, value: RecordValue, ttlSeconds: number, apex: OwnerName): RecordBody {
  const body = { type: set.type, name: relativeName(set.ownerName, apex) || '@', ttl: ttlSeconds };
  const fields = value.split(' ');
  switch (set.type) {
    case 'MX':
      return { ...body, priority: Number(fields[0]), data: fields[1]! };
    case 'SRV':
      return { ...body, priority: Number(fields[0]), weight: Number(fields[1]), port: Number(fields[2]), data: fields[3]! };
    case 'CAA': {
      const [flags, tag, ...rest] = fields;
      const data = txtBytes(rest.join(' ')).toString('utf8');
      return { ...body, flags: Number(flags), tag: tag!, data: tag === 'iodef' ? data : ownerName(data) };
    }
    case 'TXT':
      return { ...body, data: txtBytes(value).toString('utf8') };
    default:
      return { ...body, data: value };
  }
}

/** As it stands in a path and in the `name` filter: fully qualified, and a final dot would be 404. */
export function inUrl(name: OwnerName): string {
  return encodeURIComponent(displayName(name));
}
