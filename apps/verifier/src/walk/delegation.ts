import type { OwnerName, RecordSet } from '@connect/domain';

/** A name server as its parent or the zone itself names it. An empty list of addresses: none was found. */
export type NameServer = { name: OwnerName; addresses: string[]; namedBy: 'parent' | 'zone' | 'both' };

/**
 * A zone cut as seen from above (RFC 9499: delegation). `leftOut`: how many name servers it names beyond those that are asked. `isWhole`: false where a question for its
 * name servers or their addresses got no answer, so that there may be more of them. `from` is the address that gave it.
 */
export type Delegation = { zone: OwnerName; nameServers: NameServer[]; leftOut: number; isWhole: boolean; ttlSeconds: number; from: string };

/** The addresses of a host. Null where nobody answered, which is not the same as having none. */
export type HostAddresses = { A: string[] | null; AAAA: string[] | null };

/** The way from the root to the zone that holds a name; the last one is that zone. `missing`: the name's parent zone says NXDOMAIN. */
export type Walk =
  | { outcome: 'found'; chain: Delegation[] }
  | { outcome: 'no_such_domain'; chain: Delegation[] }
  | { outcome: 'unreachable'; chain: Delegation[] };

/** ALIAS exists at providers only; the DNS serves addresses for it. */
export function askedType(recordSet: RecordSet): string {
  return recordSet.type === 'ALIAS' ? 'CNAME' : recordSet.type;
}

export function zoneOf(walk: Walk): Delegation | null {
  return walk.chain.at(-1) ?? null;
}
