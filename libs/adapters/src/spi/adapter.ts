import type { Change, ErrorCode, OwnerName, RecordSet } from '@connect/domain';

/** A zone at the provider. `id` is the provider's own and opaque to everybody else. */
export type Zone = { id: string; apex: OwnerName };

/** What `findZone` looks for: the zone that holds `hostname`, longest suffix first down to `apex`; or the one the caller named. */
export type ZoneSearch = { hostname: OwnerName; apex: OwnerName; zone: string | null };

/**
 * What was read of a zone. `names` says what the reading covers: everything, or the names asked for (a name without record sets is covered, too).
 * `native` is the adapter's own (record ids, an ETag, a whole host list); it goes back into `applyChanges`, and nobody else looks inside.
 */
export type ZoneReading<Native = unknown> = { names: readonly OwnerName[] | 'all'; recordSets: RecordSet[]; /** All record sets of the zone, where the API says it. */ recordSetCount: number | null; native: Native };

/** What became of one change. `unknown`: the answer was lost; look before anything else. */
export type ChangeOutcome = { change: Change; status: 'applied' | 'refused' | 'unknown'; code: ErrorCode | null; detail: string | null };

export type CredentialFinding = {
  valid: boolean;
  code: ErrorCode | null;
  detail: string | null;
  zones: Zone[];
  zonesComplete: boolean;
  may: ('list_zones' | 'read_records' | 'write_records')[];
  widerThanNeeded: string | null;
  expiresAt: string | null;
};

/**
 * One provider account, opened with a credential for one turn. Every method throws `ProviderError` and nothing else, honours the signal, and
 * does not try again by itself: the error catalogue decides that. An adapter keeps no state between calls.
 *
 * The contract, each sentence with a case in the conformance suite:
 * - `getRecordSets` gives every page, in the house's form, unknown types included.
 * - `applyChanges` gets changes that were computed from `reading`. It changes the values a change names and nothing else: other values of the
 *   set, other sets and what it does not understand stay as they are. At `compare_and_swap` it is refused with `zone_changed` if the zone moved.
 * - Applying again what is already so changes nothing.
 * - A write whose answer was lost is `unknown`, never `applied` or `refused`; a raw adapter may throw `outcome_unknown` for the whole call.
 * - Refusals of the account or the provider (credential, permission, rate limit, not reachable) are thrown; refusals of a change are outcomes. A raw
 *   adapter whose API refuses a call as a whole may throw those, too: the base (`openProvider`) turns them into outcomes.
 * - No secret appears in an error.
 */
export interface ProviderAdapter<Native = unknown> {
  checkCredential(zone: string | null, signal: AbortSignal): Promise<CredentialFinding>;
  findZone(search: ZoneSearch, signal: AbortSignal): Promise<Zone>;
  getRecordSets(zone: Zone, names: readonly OwnerName[] | 'all', signal: AbortSignal): Promise<ZoneReading<Native>>;
  applyChanges(zone: Zone, changes: readonly Change[], reading: ZoneReading<Native>, signal: AbortSignal): Promise<ChangeOutcome[]>;
}
