import { isWithin, suffixesOf, type OwnerName } from '@connect/domain';
import type { ZoneState } from './zone-state.js';

/** Where the zone is cut at or above one of the names, or null. What is written below a cut is never answered by this zone (RFC 1034 4.2.1). */
export function delegationAbove(state: ZoneState, names: readonly OwnerName[], apex: OwnerName): OwnerName | null {
  return lookedAt(names, apex).find((name) => name !== apex && state.get(name, 'NS') !== null) ?? null;
}

/** The names and all between them and the apex: what a plan has to have read. */
export function lookedAt(names: readonly OwnerName[], apex: OwnerName): OwnerName[] {
  return [...new Set(names.flatMap((name) => suffixesOf(name).filter((suffix) => isWithin(suffix, apex))))];
}
