import type { LeaseTerms } from '@connect/sealing';

/** What each purpose has to name. The audit then says for each use of a credential on whose behalf and where it was. */
const rules = {
  check: { zone: false, fence: false, connections: false },
  find_zone: { zone: false, fence: false, connections: true },
  plan: { zone: false, fence: false, connections: true },
  write: { zone: true, fence: true, connections: true },
} as const satisfies Record<LeaseTerms['purpose'], Record<'zone' | 'fence' | 'connections', boolean>>;

/** A turn in one zone serves some hundred connections; more than this is a mistake, or somebody filling the audit. */
const mostConnections = 5_000;
const longestZone = 512;

/** Why the terms are refused, in words without their values, or null. */
export function refusalOf(terms: LeaseTerms): string | null {
  const rule = rules[terms.purpose];
  if (rule.zone && isEmpty(terms.zone)) return `purpose ${terms.purpose} needs the zone`;
  if (rule.fence && isEmpty(terms.fence)) return `purpose ${terms.purpose} needs the fence of the zone's turn`;
  if (rule.connections && terms.connections.length === 0) return `purpose ${terms.purpose} needs a connection`;
  if (terms.connections.length > mostConnections) return `a lease serves at most ${mostConnections} connections`;
  if ((terms.zone ?? '').length > longestZone || (terms.fence ?? '').length > longestZone) return 'the zone or fence is too long';
  return null;
}

function isEmpty(text: string | null): boolean {
  return text === null || text === '';
}
