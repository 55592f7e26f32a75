import { sameValue, without, type Change, type OwnerName, type RecordSet, type RecordType, type RecordValue } from '@connect/domain';
import { consequence } from './consequences.js';
import { ledgerValue, ledgerValuesOf, type Ledger } from './ledger.js';
import { foreignKey, type Consequence } from './plan.js';
import type { ZoneState } from './zone-state.js';

/** The sets at one name while a plan is drawn up: what is there, what will be, and what that does to others. */
export class NameDraft {
  readonly consequences: Consequence[] = [];
  readonly foreign: string[] = [];
  /** Those that another connection owns. */
  readonly ofOthers: string[] = [];
  private readonly values = new Map<RecordType, RecordValue[]>();
  private readonly ttls = new Map<RecordType, number>();
  /** Sets in which a value that is not ours alone goes on in another one. */
  private readonly extended = new Set<RecordType>();

  constructor(readonly ownerName: OwnerName, private readonly state: ZoneState, readonly ledger: Ledger, readonly connectionId: string) {
    for (const set of state.at(ownerName)) this.values.set(set.type, set.values);
  }

  existing(type: RecordType): RecordSet | null {
    return this.state.get(this.ownerName, type);
  }

  types(): RecordType[] {
    return [...this.values.keys()].filter((type) => this.valuesOf(type).length > 0);
  }

  valuesOf(type: RecordType): RecordValue[] {
    return this.values.get(type) ?? [];
  }

  has(type: RecordType, value: RecordValue): boolean {
    return this.valuesOf(type).some((other) => sameValue(type, other, value));
  }

  /** Values of the set that are not this connection's alone: the customer's, or another connection's. */
  foreignOf(type: RecordType): RecordValue[] {
    return this.valuesOf(type).filter((value) => !this.isAlone(type, value));
  }

  add(type: RecordType, value: RecordValue, ttlSeconds: number): void {
    if (this.has(type, value)) return;
    this.values.set(type, [...this.valuesOf(type), value]);
    if (!this.ttls.has(type)) this.ttls.set(type, ttlSeconds);
  }

  /** Takes values away. Those that are foreign are named by a consequence of this class. */
  remove(type: RecordType, values: readonly RecordValue[], code: Consequence['code']): void {
    const foreign = this.foreignOf(type).filter((value) => values.some((other) => sameValue(type, other, value)));
    if (foreign.length > 0) this.name(code, type, foreign);
    const keys = (of: readonly RecordValue[]): string[] => of.map((value) => foreignKey(ledgerValue(this.ownerName, type, value)));
    this.foreign.push(...keys(foreign));
    this.ofOthers.push(...keys(foreign.filter((value) => ledgerValuesOf(this.ownerName, type, value).every((each) => this.ledger.isOwned(each)))));
    this.values.set(type, without(type, this.valuesOf(type), [...values]));
  }

  /** Puts one value in the place of another, where the caller knows whose it is. */
  swap(type: RecordType, before: RecordValue, after: RecordValue | null): void {
    if (after !== null && !this.isAlone(type, before)) this.extended.add(type);
    this.values.set(type, this.valuesOf(type).flatMap((value) => (value === before ? (after === null ? [] : [after]) : [value])));
  }

  /** A value that is not ours alone is changed. */
  nameForeign(code: Consequence['code'], type: RecordType, value: RecordValue): void {
    this.name(code, type, [value]);
    this.foreign.push(foreignKey(ledgerValue(this.ownerName, type, value)));
  }

  name(code: Consequence['code'], type: RecordType, values: readonly RecordValue[], what?: string): void {
    this.consequences.push(consequence(code, this.ownerName, type, values, what));
  }

  /** A set that is wholly ours takes this TTL; one that holds foreign values keeps its own. */
  wishTtl(type: RecordType, ttlSeconds: number): void {
    this.ttls.set(type, ttlSeconds);
  }

  changes(): Change[] {
    return [...this.values.keys()].flatMap((type) => {
      const before = this.existing(type);
      const after = this.setAfter(type, before);
      return isSame(before, after) ? [] : [{ ownerName: this.ownerName, type, before, after }];
    });
  }

  /** An SPF record is the connection's alone where each of its terms is. */
  isAlone(type: RecordType, value: RecordValue): boolean {
    return ledgerValuesOf(this.ownerName, type, value).every((each) => this.ledger.isAlone(each, this.connectionId));
  }

  private setAfter(type: RecordType, before: RecordSet | null): RecordSet | null {
    const values = this.valuesOf(type);
    if (values.length === 0) return null;
    const wished = this.ttls.get(type);
    if (before === null) return { ownerName: this.ownerName, type, ttlSeconds: wished ?? 300, values };
    // Behind a proxy the TTL is the proxy's: another one is refused, and would never be read.
    const keepsTtl = before.proxied === true || this.extended.has(type) || before.values.some((value) => this.has(type, value) && !this.isAlone(type, value));
    return { ...before, values, ttlSeconds: keepsTtl || wished === undefined ? before.ttlSeconds : wished };
  }
}

function isSame(before: RecordSet | null, after: RecordSet | null): boolean {
  if (before === null || after === null) return before === after;
  return before.ttlSeconds === after.ttlSeconds && before.values.length === after.values.length && without(before.type, after.values, before.values).length === 0;
}
