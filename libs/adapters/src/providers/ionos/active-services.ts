import { ProviderError, displayName, recordSetKey, valueKey, valuesOf, without, type Change, type OwnerName, type RecordSet, type RecordType, type RecordValue } from '@connect/domain';

/**
 * Services of IONOS (a website, mail, Plesk) keep records of their own. A record that is added beside them switches the service off, with all its records
 * in the zone, and the API neither asks nor tells; which records are a service's is not shown either.
 * https://developer.hosting.ionos.com/docs/dns ("Working with the API"), https://www.ionos.co.uk/help/domains/general-information-about-dns-settings/avoiding-dns-conflicts/, verified 2026-11.
 */
const families: readonly (readonly RecordType[])[] = [['A', 'AAAA'], ['MX']];
/** Where their services answer, as recorded; a server that a customer rents may have such an address, too. */
const theirHosts: Readonly<Partial<Record<RecordType, RegExp>>> = { A: /^217\.160\./, AAAA: /^2001:8d8:100f:/, MX: /^\d+ mx\d\d\.(?:ionos|1and1|kundenserver)\.[a-z.]+$/ };

/** The changes that would switch a service off which none of them replaces, each with the reason. What belongs to one replacement is refused together. */
export function refusedBesideServices(changes: readonly Change[], recordSets: readonly RecordSet[]): Map<Change, ProviderError> {
  const found = new Map<Change, ProviderError>();
  for (const name of new Set(changes.map(({ ownerName }) => ownerName))) {
    for (const types of families) {
      const meant = changes.filter((change) => change.ownerName === name && types.includes(change.type));
      const beside = meant.some((change) => valuesOf(change).added.length > 0) ? stayingServiceValues(name, types, meant, recordSets) : [];
      if (beside.length > 0) for (const change of meant) found.set(change, inTheWay(name, beside));
    }
  }
  return found;
}

/** Does a change take away a record of a service, most likely? */
export function replacesService(change: Change): boolean {
  return valuesOf(change).removed.some((value) => isTheirs(change.type, value));
}

/** What no change named and is gone all the same, as `CNAME www.example.com`. */
export function switchedOff(before: readonly RecordSet[], changes: readonly Change[], after: readonly RecordSet[]): string[] {
  const removed = new Map(changes.map((change) => [recordSetKey(change), valuesOf(change).removed]));
  const there = new Map(after.map((set) => [recordSetKey(set), set.values]));
  return before.filter((set) => {
    const key = recordSetKey(set);
    return without(set.type, set.values, [...(removed.get(key) ?? []), ...(there.get(key) ?? [])]).length > 0;
  }).map(({ ownerName, type }) => `${type} ${displayName(ownerName)}`);
}

function stayingServiceValues(name: OwnerName, types: readonly RecordType[], changes: readonly Change[], recordSets: readonly RecordSet[]): string[] {
  return recordSets.filter((set) => set.ownerName === name && types.includes(set.type)).flatMap(({ type, values }) => {
    const leaving = changes.filter((change) => change.type === type).flatMap((change) => valuesOf(change).removed).map((value) => valueKey(type, value));
    return values.filter((value) => isTheirs(type, value) && !leaving.includes(valueKey(type, value))).map((value) => `${type} ${value}`);
  });
}

function isTheirs(type: RecordType, value: RecordValue): boolean {
  return theirHosts[type]?.test(value) === true;
}

function inTheWay(name: OwnerName, beside: readonly string[]): ProviderError {
  const detail = `a service of IONOS answers at ${displayName(name)} (${beside.join(', ')}), and IONOS switches it off, with all its records, when another record is added beside it: end the service in the DNS settings of the domain, or replace its records`;
  return new ProviderError('record_conflict', { detail });
}
