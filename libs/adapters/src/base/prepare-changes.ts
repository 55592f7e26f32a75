import { recordSetKey, sameRecordSet, type Change, type ErrorCode, type OwnerName, type RecordSet, type RecordSetKey } from '@connect/domain';
import type { ChangeOutcome, Provider, Zone, ZoneReading } from '../spi/index.js';
import { refusalOf, type Refusal } from './capability-rules.js';
import { clampTtl } from './clamp-ttl.js';

/** `asked` is what the caller gave and what the outcome names; `sent` is what the adapter gets (the TTL may differ). */
export type PreparedChange = { asked: Change; sent: Change };
export type PreparedChanges = { accepted: PreparedChange[]; settled: ChangeOutcome[] };

/**
 * What is known before anything is sent: changes that the provider cannot carry, that do not rest on the reading, or that change nothing.
 * Accepted changes come in the order in which they are safe to write: deletes first, so that a CNAME may take the place of an address.
 */
export function prepareChanges(provider: Pick<Provider, 'descriptor' | 'audit'>, zone: Zone, changes: readonly Change[], reading: ZoneReading): PreparedChanges {
  const existing = new Map(reading.recordSets.map((set) => [recordSetKey(set), set]));
  const seen = new Set<RecordSetKey>();
  const prepared: PreparedChanges = { accepted: [], settled: [] };
  for (const asked of changes) {
    const sent = withKeptTtl(asked, provider);
    const key = recordSetKey(asked);
    const refusal = seen.has(key)
      ? ({ code: 'record_invalid', detail: `${key} is changed twice in one write` } as const)
      : (refusalOf(sent, zone.apex, provider.descriptor, provider.audit) ?? movedSince(asked, existing.get(key) ?? null, reading));
    seen.add(key);
    if (refusal !== null) prepared.settled.push(refused(asked, refusal.code, refusal.detail));
    else if (sameRecordSet(sent.before, sent.after)) prepared.settled.push({ change: asked, status: 'applied', code: null, detail: 'nothing to change' });
    else prepared.accepted.push({ asked, sent });
  }
  return withoutConflicts(prepared, existing, flattenedApex(provider, zone));
}

export function refused(change: Change, code: ErrorCode, detail: string | null): ChangeOutcome {
  return { change, status: 'refused', code, detail };
}

function withKeptTtl(change: Change, { descriptor }: Pick<Provider, 'descriptor'>): Change {
  if (change.after === null) return change;
  // What the provider itself holds with a TTL beyond its limits stays as it is while only values change.
  const ttlSeconds = change.after.ttlSeconds === change.before?.ttlSeconds ? change.after.ttlSeconds : clampTtl(descriptor.capabilities, change.after.ttlSeconds);
  return { ...change, after: { ...change.after, ttlSeconds } };
}

/** P2: a change rests on what was read. */
function movedSince(change: Change, existing: RecordSet | null, reading: ZoneReading): Refusal | null {
  if (reading.names !== 'all' && !reading.names.includes(change.ownerName)) return { code: 'zone_changed', detail: `${change.ownerName} was not read` };
  if (sameRecordSet(change.before, existing)) return null;
  return { code: 'zone_changed', detail: `the ${change.type} set at ${change.ownerName} is not what the change was computed from` };
}

/** The one name where a CNAME is served as the addresses of its target, and so stands beside the zone's own records. */
function flattenedApex({ descriptor }: Pick<Provider, 'descriptor'>, zone: Zone): OwnerName | null {
  return descriptor.capabilities.apexAlias === 'flattened_cname' ? zone.apex : null;
}

/** A CNAME stands alone (RFC 1034 3.6.2). Some servers answer "done" to the contrary and do nothing, so it is refused here. */
function withoutConflicts(prepared: PreparedChanges, existing: ReadonlyMap<RecordSetKey, RecordSet>, flattened: OwnerName | null): PreparedChanges {
  const after = new Map<RecordSetKey, RecordSet>(existing);
  for (const { sent } of prepared.accepted) {
    if (sent.after === null) after.delete(recordSetKey(sent));
    else after.set(recordSetKey(sent), sent.after);
  }
  const typesAt = new Map<string, Set<string>>();
  for (const { ownerName, type } of after.values()) {
    const types = typesAt.get(ownerName) ?? new Set();
    typesAt.set(ownerName, types.add(type));
  }
  const inConflict = ({ sent }: PreparedChange): boolean => {
    const types = typesAt.get(sent.ownerName);
    if (sent.after === null || types === undefined || !types.has('CNAME')) return false;
    return [...types].some((type) => (sent.ownerName === flattened ? addresses.has(type) : type !== 'CNAME' && !besideCname.has(type)));
  };
  const conflicting = prepared.accepted.filter(inConflict);
  const accepted = prepared.accepted.filter((change) => !conflicting.includes(change));
  // Half of a replacement is worse than none: the deletes that were to make room for a refused set are not sent either.
  const names = new Set(conflicting.map(({ sent }) => sent.ownerName));
  const held = accepted.filter(({ sent }) => names.has(sent.ownerName));
  return {
    accepted: accepted.filter((change) => !held.includes(change)).sort((a, b) => Number(a.sent.after !== null) - Number(b.sent.after !== null)),
    settled: [...prepared.settled, ...[...conflicting, ...held].map(({ asked }) => refused(asked, 'record_conflict', `a CNAME and other records cannot both be at ${asked.ownerName}`))],
  };
}

const besideCname: ReadonlySet<string> = new Set(['RRSIG', 'NSEC', 'NSEC3', 'KEY']);
/** What a flattened CNAME is served as, and so cannot stand beside. */
const addresses: ReadonlySet<string> = new Set(['A', 'AAAA', 'ALIAS']);
