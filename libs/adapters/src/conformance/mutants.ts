import { absoluteName, relativeName, type Change, type RecordSet } from '@connect/domain';
import { reading, writing, type Saboteur } from './saboteurs.js';

/** Small wrongs, made from a list: each has to be noticed by some case of the suite, whichever. */
const setMutants: Readonly<Record<string, (set: RecordSet) => RecordSet>> = {
  'drops a value': (set) => (set.values.length > 1 ? { ...set, values: set.values.slice(1) } : set),
  'gives a value that is not there': (set) => (set.type === 'TXT' ? { ...set, values: [...set.values, '"mutant"'] } : set),
  'has another TTL': (set) => ({ ...set, ttlSeconds: set.ttlSeconds + 1 }),
  'has the smallest TTL': (set) => ({ ...set, ttlSeconds: 60 }),
  'swaps two labels of a name': (set) => renamed(set, (labels) => [...labels.slice(1, 2), ...labels.slice(0, 1), ...labels.slice(2)]),
  'loses the first label of a deep name': (set) => renamed(set, (labels) => (labels.length > 1 ? labels.slice(1) : labels)),
  'takes TXT for SPF': (set) => (set.type === 'TXT' ? { ...set, type: 'SPF' } : set),
  'unescapes TXT': (set) => (set.type === 'TXT' ? { ...set, values: set.values.map((value) => value.replaceAll('\\', '')) } : set),
  'trims TXT': (set) => (set.type === 'TXT' ? { ...set, values: set.values.map((value) => value.replace(/^"\s+|\s+"$/g, '"')) } : set),
  'writes TXT in lower case': (set) => (set.type === 'TXT' ? { ...set, values: set.values.map((value) => value.toLowerCase()) } : set),
  'loses the final dot': (set) => (set.type === 'CNAME' ? { ...set, values: set.values.map((value) => value.slice(0, -1)) } : set),
  'loses the preference': (set) => (set.type === 'MX' ? { ...set, values: set.values.map((value) => value.replace(/^\d+/, '10')) } : set),
  'loses the flag': (set) => (set.type === 'CAA' ? { ...set, values: set.values.map((value) => value.replace(/^\d+/, '0')) } : set),
  'loses SRV weight': (set) => (set.type === 'SRV' ? { ...set, values: set.values.map((value) => value.replace(/^(\d+) \d+/, '$1 0')) } : set),
};

export const mutants: readonly Saboteur[] = [
  ...Object.entries(setMutants).flatMap(([name, mutate]) => [
    reading(`a reading that ${name}`, [], (sets) => sets.map(mutate)),
    writing(`a write that ${name}`, [], (change) => (change.after === null ? change : { ...change, after: mutate(change.after), ownerName: mutate(change.after).ownerName, type: mutate(change.after).type })),
  ]),
  reading('a reading that loses a set', [], (sets) => sets.slice(1)),
  reading('a reading that gives a set twice', [], (sets) => [...sets, ...sets.slice(-1)]),
  reading('a reading without wildcards', [], (sets) => sets.filter(({ ownerName }) => !ownerName.startsWith('*.'))),
  reading('a reading without the apex', [], (sets) => sets.filter(({ ownerName }) => ownerName.split('.').length > 3)),
  writing('a write that never deletes', [], (change) => (change.after === null ? { ...change, after: change.before } : change)),
  writing('a write that keeps removed values', [], (change) => withRemoved(change)),
];

function renamed(set: RecordSet, change: (labels: string[]) => string[]): RecordSet {
  const [zone, ...rest] = [set.ownerName.split('.').slice(-3).join('.'), set.ownerName];
  const apex = zone as RecordSet['ownerName'];
  const relative = relativeName(rest[0]!, apex);
  return { ...set, ownerName: absoluteName(change(relative === '' ? [] : relative.split('.')).join('.'), apex) };
}

function withRemoved(change: Change): Change {
  if (change.after === null || change.before === null) return change;
  return { ...change, after: { ...change.after, values: [...new Set([...change.before.values, ...change.after.values])] } };
}
