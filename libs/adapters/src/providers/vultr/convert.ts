import { absoluteName, displayName, groupRecords, isConnectError, ownerName, recordSetKey, recordValue, relativeName, txtText, txtValue, type OwnerName, type RecordSet, type RecordSetKey, type RecordType, type RecordValue } from '@connect/domain';
import type { NativeRecord } from '../../base/index.js';
import type { RecordAnswer } from './schema.js';

/** The records of a set with their ids; whether one value may stand there twice is not documented, so it may. */
export type NativeSets = Map<RecordSetKey, NativeRecord<string>[]>;
/** Without the type, which cannot change. An empty name must be sent, too (vultr/govultr 120). */
export type RecordFields = { name: string; data: string; ttl: number; priority?: number };

export function toRecordSets(answers: readonly RecordAnswer[], apex: OwnerName): { recordSets: RecordSet[]; native: NativeSets } {
  const records = answers.map((answer) => ({ ownerName: fromTheirName(answer.name, apex), type: answer.type, ttlSeconds: answer.ttl, value: fromTheirs(answer), native: answer.id }));
  const native: NativeSets = new Map();
  for (const record of records) {
    const key = recordSetKey(record);
    native.set(key, [...(native.get(key) ?? []), { value: record.value, ttlSeconds: record.ttlSeconds, native: record.native }]);
  }
  return { recordSets: groupRecords(records), native };
}

/** Names come relative, the apex as nothing. */
function fromTheirName(name: string, apex: OwnerName): OwnerName {
  return name === '@' ? apex : absoluteName(inAscii(name), apex);
}

/** Data that our form does not fit is kept as they gave it: one odd record does not spoil the zone. */
function fromTheirs(answer: RecordAnswer): RecordValue {
  try {
    return recordValue(answer.type, presentationOf(answer));
  } catch (error) {
    if (isConnectError(error)) return answer.data;
    throw error;
  }
}

/** Host names come absolute, mostly without a final dot; an empty one is the root. TXT comes raw within one pair of quotes, CAA as it is presented. */
function presentationOf({ type, data, priority }: RecordAnswer): string {
  switch (type) {
    case 'CNAME':
    case 'NS':
      return inAscii(data);
    case 'MX':
      return `${priority} ${inAscii(data) || '.'}`;
    case 'SRV': {
      const [weight, port, target] = data.split(' ');
      return `${priority} ${weight} ${port} ${inAscii(target ?? '') || '.'}`;
    }
    case 'TXT':
      return txtValue(/^"(.*)"$/s.exec(data)?.[1] ?? data);
    default:
      return data;
  }
}

/** Host names go without their final dot. A backslash in TXT means itself; how long values are split is their business. */
export function toFields(set: { ownerName: OwnerName; type: RecordType }, value: RecordValue, ttlSeconds: number, apex: OwnerName): RecordFields {
  const body = { name: relativeName(set.ownerName, apex), ttl: ttlSeconds };
  const fields = value.split(' ');
  switch (set.type) {
    case 'MX':
      return { ...body, priority: Number(fields[0]), data: displayName(ownerName(fields[1]!)) };
    case 'SRV':
      return { ...body, priority: Number(fields[0]), data: `${fields[1]} ${fields[2]} ${displayName(ownerName(fields[3]!))}` };
    case 'CNAME':
    case 'NS':
      return { ...body, data: displayName(ownerName(value)) };
    case 'TXT':
      return { ...body, data: `"${txtText(value)}"` };
    default:
      return { ...body, data: value };
  }
}

/** Names of IDN may come in Unicode (DNSControl turned both sides round before it compared them). */
export function inAscii(name: string): string {
  if (!/[^ -~]/.test(name)) return name;
  const url = `http://${name.replace(/\.$/, '')}`;
  return URL.canParse(url) ? new URL(url).hostname : name;
}
