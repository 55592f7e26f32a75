import { absoluteName, recordValue, type OwnerName, type RecordSet, type RecordType, type RecordValue } from '@connect/domain';
import { readOrKept, setsOfRecords, type RecordsBySet } from '../../base/index.js';
import type { RecordAnswer } from './schema.js';

/** The records of a set with their ids. */
export type NativeSets = RecordsBySet<number>;
/** What of a record stands in its value. `priority` is sent with 0, too: left out of an update it stays what it was. */
export type RecordFields = { content: string; priority?: number };

export function toRecordSets(answers: readonly RecordAnswer[], apex: OwnerName): { recordSets: RecordSet[]; native: NativeSets } {
  return setsOfRecords(answers.filter((answer) => !isCompanion(answer)).map((answer) => {
    const untouchable = markOf(answer);
    return { ownerName: absoluteName(answer.name, apex), type: answer.type, ttlSeconds: answer.ttl, value: fromTheirs(answer), native: answer.id, ...(untouchable === null ? {} : { marks: { untouchable } }) };
  }));
}

/** An ALIAS brings a TXT "ALIAS for <target>" with it, which comes and goes with the ALIAS and is nobody's (their openapi.yml, 2026-07). */
function isCompanion({ type, parent_id: parent }: RecordAnswer): boolean {
  return type === 'TXT' && typeof parent === 'number';
}

/** Why a record cannot be written by its value alone: theirs (SOA, NS at the apex), the child of another record, or served in some regions only. */
function markOf({ system_record: isSystem, parent_id: parent, regions }: RecordAnswer): string | null {
  if (isSystem === true) return 'system_record';
  if (typeof parent === 'number') return 'child_record';
  return (regions ?? []).some((region) => region !== 'global') ? 'regional_record' : null;
}

function fromTheirs({ type, content, priority }: RecordAnswer): RecordValue {
  return readOrKept(content, () => recordValue(type, type === 'MX' || type === 'SRV' ? `${priority} ${content}` : content));
}

/**
 * Host names go without their final dot, which some types refuse and the others lose; TXT goes quoted, since what is in quotes is kept as it is.
 * https://support.dnsimple.com/articles/txt-record-format/, verified 2026-11.
 */
export function toFields(type: RecordType, value: RecordValue): RecordFields {
  const fields = value.split(' ');
  switch (type) {
    case 'MX':
      return { priority: Number(fields[0]), content: withoutDot(fields[1]!) };
    case 'SRV':
      return { priority: Number(fields[0]), content: `${fields[1]} ${fields[2]} ${withoutDot(fields[3]!)}` };
    case 'HTTPS':
    case 'SVCB':
      return { content: [fields[0], withoutDot(fields[1]!), ...fields.slice(2)].join(' ') };
    case 'ALIAS':
    case 'CNAME':
      return { content: withoutDot(value) };
    default:
      return { content: value };
  }
}

/** The root stays a dot: null MX, and the own name of HTTPS and SVCB. */
function withoutDot(host: string): string {
  return host === '.' ? host : host.replace(/\.$/, '');
}
