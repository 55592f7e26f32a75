import { ProviderError, absoluteName, txtBytes, txtValueOfBytes, valuesOf, type Change, type RecordSet } from '@connect/domain';
import { openProvider } from '../base/index.js';
import type { ChangeOutcome, Provider, ProviderAdapter, ProviderPorts, Zone, ZoneReading } from '../spi/index.js';

type Open = typeof openProvider;

/** An adapter that breaks a promise on purpose, and the cases that must notice it. */
export type Saboteur = { name: string; caughtBy: readonly string[]; open: Open };

type Apply = ProviderAdapter['applyChanges'];
type Broken = (raw: ProviderAdapter, ports: ProviderPorts, token: string) => Partial<ProviderAdapter>;

/** A bug inside the adapter: the base still stands around it. */
function inside(name: string, caughtBy: readonly string[], breaking: Broken): Saboteur {
  return {
    name, caughtBy,
    open: (provider, token, ports) => {
      const broken: Provider = {
        ...provider,
        open(inner, innerPorts) {
          const raw = provider.open(inner, innerPorts);
          const whole = {
            checkCredential: raw.checkCredential.bind(raw), findZone: raw.findZone.bind(raw), getRecordSets: raw.getRecordSets.bind(raw), applyChanges: raw.applyChanges.bind(raw),
          };
          return { ...whole, ...breaking(whole, innerPorts, inner.open((text) => text)) };
        },
      };
      return openProvider(broken, token, ports);
    },
  };
}

/** The set after the change is another than was asked for. */
export function writing(name: string, caughtBy: readonly string[], alter: (change: Change) => Change): Saboteur {
  return inside(name, caughtBy, (raw) => ({ applyChanges: (zone, changes, reading, signal) => raw.applyChanges(zone, changes.map(alter), reading, signal) }));
}

/** The reading is another than the provider's. */
export function reading(name: string, caughtBy: readonly string[], alter: (sets: RecordSet[]) => RecordSet[]): Saboteur {
  return inside(name, caughtBy, (raw) => ({
    getRecordSets: async (zone, names, signal) => {
      const read = await raw.getRecordSets(zone, names, signal);
      return { ...read, recordSets: alter(read.recordSets) };
    },
  }));
}

/** Something else is written, too. */
function alsoWriting(name: string, caughtBy: readonly string[], more: (changes: readonly Change[], reading: ZoneReading, zone: Zone) => Change[]): Saboteur {
  return inside(name, caughtBy, (raw) => ({
    applyChanges: async (zone, changes, read, signal) => {
      const outcomes = await raw.applyChanges(zone, changes, read, signal);
      const extra = more(changes, await raw.getRecordSets(zone, 'all', signal), zone);
      if (extra.length > 0) await raw.applyChanges(zone, extra, read, signal);
      return outcomes;
    },
  }));
}

/** The adapter turns a lost answer into something more comfortable. */
function afterLostAnswer(name: string, caughtBy: readonly string[], status: 'applied' | 'refused'): Saboteur {
  return inside(name, caughtBy, (raw) => ({
    applyChanges: (zone, changes, read, signal) => raw.applyChanges(zone, changes, read, signal).catch((error: unknown): ChangeOutcome[] => {
      if (error instanceof ProviderError && error.code === 'outcome_unknown') return changes.map((change) => ({ change, status, code: status === 'applied' ? null : 'provider_unavailable', detail: null }));
      throw error;
    }),
  }));
}

/** Looks at what is there now and writes over it: compare-and-swap undone. */
const overwriting: Broken = (raw) => ({
  applyChanges: (async (zone, changes, read, signal) => {
    const now = await raw.getRecordSets(zone, 'all', signal);
    const rebased = changes.map((change) => ({ ...change, before: now.recordSets.find((set) => set.ownerName === change.ownerName && set.type === change.type) ?? null }));
    return (await raw.applyChanges(zone, rebased, read, signal)).map((outcome, at) => ({ ...outcome, change: changes[at]! }));
  }) satisfies Apply,
});

let copies = 0;

/** One for each safety case at least; `saboteurs.spec.ts` holds both sides against each other. */
export const saboteurs: readonly Saboteur[] = [
  writing('writes the new values only', ['adding a value leaves the other values of the set'], (change) => (change.after === null || valuesOf(change).added.length === 0 ? change : { ...change, after: { ...change.after, values: valuesOf(change).added } })),
  writing('deletes the whole set to remove one value', ['removing a value leaves the other values of the set'], (change) => (valuesOf(change).removed.length > 0 && valuesOf(change).added.length === 0 ? { ...change, after: null } : change)),
  alsoWriting('loses what stood on the last page', ['leaves all foreign record sets of a large zone as they are'], (_, { recordSets }) => (recordSets.length > 100 ? [gone(recordSets.at(-2)!)] : [])),
  alsoWriting('removes what it does not know', ['leaves unknown types beside its own record as they are'], (changes, { recordSets }) => recordSets.filter((set) => set.type === 'SSHFP' && changes.some((change) => change.ownerName === set.ownerName)).map(gone)),
  writing('joins the strings of TXT values', ['leaves the strings of a foreign TXT value as they were split'], (change) => (change.type === 'TXT' && change.after !== null ? { ...change, after: { ...change.after, values: change.after.values.map((value) => txtValueOfBytes(txtBytes(value))) } } : change)),
  inside('leaves a lock record at each write', ['repeating a write changes nothing more', 'creates a record set and nothing else'], (raw) => ({
    applyChanges: async (zone, changes, read, signal) => {
      const lock: RecordSet = { ownerName: absoluteName(`_lock-${++copies}`, zone.apex), type: 'TXT', ttlSeconds: 300, values: ['"locked"'] };
      await raw.applyChanges(zone, [{ ownerName: lock.ownerName, type: 'TXT', before: null, after: lock }], read, signal);
      return raw.applyChanges(zone, changes, read, signal);
    },
  })),
  {
    name: 'stands without the base',
    caughtBy: [
      'refuses a CNAME beside other records and sends nothing', 'refuses other records beside a CNAME and sends nothing', 'refuses a second CNAME at a name and sends nothing', 'refuses NS at the apex and sends nothing',
      'refuses SOA and sends nothing', 'refuses a name outside the zone and sends nothing', 'refuses a change that was not computed from the reading and sends nothing',
      'refuses a change at a name that was not read', 'an abort before a call sends nothing', 'keeps a TTL within the provider’s limits',
    ],
    open: (provider, token, ports) => {
      const raw = provider.open(token, { ...ports, http: { request: (request) => ports.http.request(request, new AbortController().signal) } });
      return raw;
    },
  },
  inside('writes over what moved', [
    'refuses a change whose set was changed by somebody else since', 'refuses to create a set that somebody else has created since', 'refuses to delete a set that has got a foreign value since',
    'of two writers on one set none overwrites the other',
  ], overwriting),
  inside('looks, but does not hold what it saw', ['a value that appears just before the write survives'], (raw, ports) => ({
    // The window between its last look and the write: the race itself, which only compare-and-swap closes.
    applyChanges: async (zone, changes, read, signal) => {
      const outcomes = await raw.applyChanges(zone, changes, read, signal).catch((error: unknown) => error);
      if (Array.isArray(outcomes)) return outcomes as ChangeOutcome[];
      return overwriting(raw, ports, '').applyChanges!(zone, changes, read, signal);
    },
  })),
  inside('writes a batch one by one', ['a write of two sets of which one moved changes neither'], (raw) => ({
    applyChanges: async (zone, changes, read, signal) => {
      const outcomes: ChangeOutcome[] = [];
      for (const change of changes) {
        outcomes.push(...(await raw.applyChanges(zone, [change], read, signal).catch((): ChangeOutcome[] => [{ change, status: 'refused', code: 'zone_changed', detail: null }])));
      }
      return outcomes;
    },
  })),
  inside('tries a credential by writing', ['the check changes nothing'], (raw) => ({
    checkCredential: async (zone, signal) => {
      const finding = await raw.checkCredential(zone, signal);
      const found = finding.zones[0];
      if (found === undefined) return finding;
      const probe: RecordSet = { ownerName: absoluteName('_probe', found.apex), type: 'TXT', ttlSeconds: 60, values: ['"probe"'] };
      await raw.applyChanges(found, [{ ownerName: probe.ownerName, type: 'TXT', before: null, after: probe }], await raw.getRecordSets(found, 'all', signal), signal);
      return finding;
    },
  })),
  afterLostAnswer('takes a lost answer for success', ['a lost answer is unknown, and a look shows that it was written', 'a lost request is unknown, too, and a look shows that it was not written'], 'applied'),
  afterLostAnswer('takes a lost answer for a refusal', ['a lost answer is unknown, and a look shows that it was written', 'a write answered with 502 is unknown'], 'refused'),
  inside('gives an empty zone when the provider fails', ['a provider that nobody reaches is unavailable, to be tried later', 'an HTML page in place of an answer is provider_protocol', 'an abort during a read ends it as unavailable'], (raw) => ({
    getRecordSets: (zone, names, signal) => raw.getRecordSets(zone, names, signal).catch((): ZoneReading => ({ names, recordSets: [], recordSetCount: 0, native: null })),
  })),
  reading('reads the first page only', ['reads a zone of one record set more than a hundred', 'reads a zone of 1,000 record sets whole'], (sets) => sets.slice(0, 100)),
  reading('leaves out what it does not know', ['keeps types that it does not know'], (sets) => sets.filter(({ type }) => !['TLSA', 'SSHFP', 'LOC', 'NAPTR'].includes(type))),
  inside('says the token in an error', ['no secret is in an error, an outcome or a URL'], (raw, _, token) => ({
    getRecordSets: (zone, names, signal) => raw.getRecordSets(zone, names, signal).catch(() => Promise.reject(new ProviderError('provider_unavailable', { detail: `the call with ${token} failed` }))),
  })),
  inside('puts the token into the URL', ['no secret is in an error, an outcome or a URL'], (raw, ports, token) => ({
    getRecordSets: async (zone, names, signal) => {
      await ports.http.request({ method: 'GET', url: `https://api.reference.example/v1/zones?token=${token}` }, signal);
      return raw.getRecordSets(zone, names, signal);
    },
  })),
  inside('calls another host', ['only declared hosts are called'], (raw, ports) => ({
    getRecordSets: async (zone, names, signal) => {
      await ports.http.request({ method: 'GET', url: 'https://elsewhere.example/v1/zones' }, signal);
      return raw.getRecordSets(zone, names, signal);
    },
  })),
  inside('throws what is no ProviderError', ['no secret is in an error, an outcome or a URL', 'an HTML page in place of an answer is provider_protocol'], (raw, _, token) => ({
    getRecordSets: (zone, names, signal) => raw.getRecordSets(zone, names, signal).catch(() => Promise.reject(new ProviderError('record_invalid', { detail: `Unexpected token in ${token}` }))),
  })),
];

function gone(set: RecordSet): Change {
  return { ownerName: set.ownerName, type: set.type, before: set, after: null };
}
