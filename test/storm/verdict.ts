import { recordSetKey, type RecordSet } from '@connect/domain';
import type { WorkEnd } from '../../apps/dns-worker/src/storm-worker.fake.js';
import { atomsOf, isSpf } from './atoms.js';
import type { Connection, Gateway } from './gateway.js';

export type Held = { sets: RecordSet[]; rows: string[] };
/** What must hold of a zone whatever happened. `firstTtls`: of the atoms that were there first; `mayBeGone`: foreign atoms that fell into a window that nobody can close. */
export type Expected = { foreign: ReadonlySet<string>; firstTtls: ReadonlyMap<string, number>; doubles: ReadonlySet<string>; mayBeGone: ReadonlySet<string>; hasOutsider: boolean };

type Standing = { connection: Connection; is: 'live' | 'removed' | 'between'; end: WorkEnd | null };

/** Everything that is wrong, in words; empty: the promises hold. */
export async function findings(gateway: Gateway, held: Held, expected: Expected): Promise<string[]> {
  const standings = await Promise.all(gateway.connections.map(async (connection): Promise<Standing> => {
    const end = await gateway.end(connection);
    return { connection, end, is: standingOf(connection, end) };
  }));
  const after = atomsOf(held.sets);
  const agreed = agreedLosses(gateway);
  return [
    ...[...expected.foreign].filter((atom) => !after.has(atom) && !agreed(atom) && !expected.mayBeGone.has(atom)).map((atom) => `a foreign value is gone: ${atom}`),
    ...held.sets.flatMap((set) => ttlFindings(set, expected, agreed)),
    ...doubled(held.rows).filter((row) => !expected.doubles.has(row)).map((row) => `there twice: ${row}`),
    ...held.sets.filter((set) => set.type === 'TXT' && set.values.filter(isSpf).length > 1).map((set) => `two SPF records at ${set.ownerName}`),
    // Another writer may put a record beside a CNAME while the provider carries out ours.
    ...(expected.hasOutsider ? [] : cnameFindings(held.sets)),
    ...standings.flatMap((standing) => wantedFindings(standing, after, agreed)),
    ...unexplained(after, standings, expected).map((atom) => `nobody wants it any more: ${atom}`),
    ...standings.flatMap(reasonFindings),
    ...(await Promise.all(gateway.connections.map((connection) => onceFindings(gateway, connection)))).flat(),
  ];
}

/** What stands more than once. */
export function doubled(rows: readonly string[]): string[] {
  return [...new Set(rows.filter((row, at) => rows.indexOf(row) !== at))];
}

/** Foreign values that somebody agreed to lose: by an approval, or once and for all by the policy, at names of the template. */
export function agreedLosses({ approvals, connections }: Gateway): (atom: string) => boolean {
  const named = new Set(approvals.flatMap(({ plan }) => [...atomsOf(plan.changes.filter(({ removed }) => removed.length > 0).map((change) => ({ ownerName: change.owner_name as RecordSet['ownerName'], type: change.type, values: change.removed })))]));
  const replacing = new Set(connections.filter(({ policy }) => policy === 'replace_conflicting').flatMap(({ intents }) => intents.flatMap(({ wishes }) => wishes.map(({ ownerName }) => ownerName as string))));
  return (atom) => {
    const [name = '', type = ''] = atom.split(' ');
    const isKeyed = type === 'TXT' && (name.startsWith('_dmarc.') || name.includes('._domainkey.'));
    return named.has(atom) || (replacing.has(name) && (['A', 'AAAA', 'CNAME', 'ALIAS'].includes(type) || isKeyed));
  };
}

function standingOf({ intents }: Connection, end: WorkEnd | null): Standing['is'] {
  const last = intents.at(-1);
  if (end?.state !== 'done') return 'between';
  if (last?.kind === 'remove') return 'removed';
  return last?.kind === 'apply' && end.facts.some(({ type }) => type === 'evt.dns.changes-applied') ? 'live' : 'between';
}

function wantedFindings({ connection, is }: Standing, after: ReadonlySet<string>, agreed: (atom: string) => boolean): string[] {
  if (is !== 'live') return [];
  return [...atomsOf(connection.intents.at(-1)!.wishes)].filter((atom) => !after.has(atom) && !agreed(atom)).map((atom) => `${connection.id} is applied and lacks ${atom}`);
}

/** Whatever is there was there before, or is wanted, or belongs to somebody of whom we said that he is between two states. */
function unexplained(after: ReadonlySet<string>, standings: readonly Standing[], { foreign }: Expected): string[] {
  const wanted = new Set(standings.flatMap(({ connection: { intents }, is }) => {
    // What was let go stays, and is nobody's.
    const letGo = intents.slice(0, intents.findLastIndex(({ kind }) => kind === 'keep') + 1);
    const own = is === 'removed' ? [] : is === 'live' ? intents.slice(-1) : intents;
    return [...atomsOf([...letGo, ...own].flatMap(({ wishes }) => wishes))];
  }));
  return [...after].filter((atom) => !foreign.has(atom) && !wanted.has(atom) && !ofProvider.test(atom));
}

/** What a provider puts there by itself: its name servers, and at Namecheap a parking page where a zone would be empty. */
const ofProvider = / (NS|SOA|URL) | parkingpage[.]namecheap[.]com[.]/;

function ttlFindings(set: RecordSet, { firstTtls }: Expected, agreed: (atom: string) => boolean): string[] {
  const before = [...atomsOf([set])].filter((atom) => !agreed(atom)).map((atom) => firstTtls.get(atom)).find((ttl) => ttl !== undefined);
  return before === undefined || before === set.ttlSeconds ? [] : [`the TTL of a foreign set changed from ${before} to ${set.ttlSeconds}: ${recordSetKey(set)}`];
}

function cnameFindings(sets: readonly RecordSet[]): string[] {
  const aliased = sets.filter(({ type }) => type === 'CNAME').map(({ ownerName }) => ownerName);
  return aliased.filter((name) => sets.some((set) => set.ownerName === name && set.type !== 'CNAME')).map((name) => `a CNAME beside other records at ${name}`);
}

function reasonFindings({ connection, end }: Standing): string[] {
  if (connection.intents.length === 0) return [];
  if (end === null) return [`${connection.id} has no work for its newest intent`];
  if (end.state === 'waiting') return [`${connection.id} still waits`];
  return end.facts.length === 0 ? [`${connection.id} ended (${end.state}) without a word`] : [];
}

/** P5: one end for each work, each fact once. */
async function onceFindings(gateway: Gateway, connection: Connection): Promise<string[]> {
  const facts = await gateway.factsOf(connection);
  const ends = facts.filter(({ type }) => ['evt.dns.changes-applied', 'evt.dns.connection-removed', 'evt.dns.work-refused'].includes(type)).map(({ generation }) => generation);
  return ends.filter((generation, at) => ends.indexOf(generation) !== at).map((generation) => `${connection.id} ended twice in generation ${generation}`);
}
