import { recordSetKey, txtText, valueKey, type RecordSet } from '@connect/domain';

/** A zone as a set of the smallest things that somebody can own: values, and of an SPF record its terms. `all` and `redirect` are how a record ends, and nobody's. */
export function atomsOf(sets: readonly Pick<RecordSet, 'ownerName' | 'type' | 'values'>[]): Set<string> {
  return new Set(sets.filter(({ type }) => type !== 'SOA').flatMap((set) => set.values.flatMap((value) => {
    const key = recordSetKey(set);
    if (set.type !== 'TXT' || !isSpf(value)) return [`${key} ${valueKey(set.type, value)}`];
    return txtText(value).trim().split(/ +/).slice(1).filter((term) => !/^([+?~-]?all|redirect=.*)$/i.test(term)).map((term) => `${key} spf:${term.toLowerCase()}`);
  })));
}

export function isSpf(value: string): boolean {
  return /^v=spf1( |$)/i.test(txtText(value));
}
