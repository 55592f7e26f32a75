import { displayName, ownerName, recordValue, txtBytes, txtValue, type OwnerName, type RecordSet, type RecordType, type RecordValue } from '@connect/domain';
import { readOrKept, setsOfRecords, type RecordsBySet } from '../../base/index.js';
import type { RecordAnswer } from './schema.js';

/** The id, which changes with what is written, and the content as it was read, which goes back as it was when only the TTL changes. */
export type NativeId = Pick<RecordAnswer, 'id' | 'content' | 'prio'>;
export type NativeSets = RecordsBySet<NativeId>;
/** An update carries all four. `disabled: false`: what we write is to be served. */
export type RecordFields = { content: string; ttl: number; prio?: number; disabled: false };
export type NewRecord = RecordFields & { name: string; type: RecordType };

/** A record that is disabled is not served, and so it is not there; a create of the same one takes its place. */
export function toRecordSets(answers: readonly RecordAnswer[]): { recordSets: RecordSet[]; native: NativeSets } {
  const served = answers.filter(({ disabled }) => disabled !== true);
  return setsOfRecords(served.map((answer) => ({ ownerName: ownerName(answer.name), type: answer.type, ttlSeconds: answer.ttl, value: fromTheirs(answer), native: { id: answer.id, content: answer.content, prio: answer.prio } })));
}

function fromTheirs(answer: RecordAnswer): RecordValue {
  return readOrKept(answer.content, () => valueOf(answer));
}

/** Host names come absolute without a final dot, AAAA uncompressed, CAA as it is presented. */
function valueOf({ type, content, prio }: RecordAnswer): RecordValue {
  switch (type) {
    case 'MX':
      return recordValue(type, `${prio ?? 0} ${content}`);
    case 'SRV':
      // Weight, port and target; the priority may stand before them (not verified).
      return recordValue(type, content.trim().split(/\s+/).length === 4 ? content : `${prio ?? 0} ${content}`);
    case 'TXT':
    case 'SPF':
      return content.startsWith('"') ? readOrKept(txtValue(content), () => recordValue(type, content)) : txtValue(content);
    default:
      return recordValue(type, content);
  }
}

/** Names go fully qualified: a relative one is refused. */
export function toNewRecord(set: { ownerName: OwnerName; type: RecordType }, value: RecordValue, ttlSeconds: number): NewRecord {
  return { name: displayName(set.ownerName), type: set.type, ...toFields(set.type, value, ttlSeconds) };
}

/** TXT goes raw and comes back in quotes; host names go without a final dot. */
export function toFields(type: RecordType, value: RecordValue, ttlSeconds: number): RecordFields {
  const rest = { ttl: ttlSeconds, disabled: false } as const;
  const fields = value.split(' ');
  switch (type) {
    case 'MX':
      return { ...rest, prio: Number(fields[0]), content: displayName(ownerName(fields[1]!)) };
    case 'SRV':
      return { ...rest, prio: Number(fields[0]), content: `${fields[1]} ${fields[2]} ${displayName(ownerName(fields[3]!))}` };
    case 'CNAME':
      return { ...rest, content: displayName(ownerName(value)) };
    case 'TXT':
      return { ...rest, content: txtBytes(value).toString('utf8') };
    default:
      return { ...rest, content: value };
  }
}

/** The same record with another TTL. */
export function retimed({ content, prio }: NativeId, ttlSeconds: number): RecordFields {
  return { content, ttl: ttlSeconds, ...(typeof prio === 'number' ? { prio } : {}), disabled: false };
}
