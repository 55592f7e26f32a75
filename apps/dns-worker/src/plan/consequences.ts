import { displayName, type OwnerName, type RecordType, type RecordValue } from '@connect/domain';
import type { Consequence } from './plan.js';

type Code = Consequence['code'];

/** One sentence for a customer about each class of consequence. `at` is the name without its final dot, `what` the values. */
const sentences = {
  cname_conflict: ({ at, type, what }) => `A CNAME at ${at} allows no other record there, so the ${type} record ${what} would be removed.`,
  replaces_address: ({ at, what }) => `${at} points to ${what} now; visitors would come to the new target instead.`,
  replaces_cname: ({ at, what }) => `${at} is an alias of ${what} now; this alias would be removed.`,
  second_spf: ({ at, what }) => `${at} has an SPF record (${what}), and a name may have only one: it would be extended by the new senders.`,
  mail_at_name: ({ at, what }) => `Mail for ${at} is delivered to ${what}; a CNAME at this name would end that.`,
  replaces_mx: ({ at, what }) => `Mail for ${at} is delivered to ${what}; it would be delivered to the new servers instead.`,
  caa_forbids: ({ at }) => `${at} has no CAA record now, so every certificate authority may issue; afterwards only the one named may.`,
  proxied: ({ at, type }) => `The ${type} record at ${at} stands behind the provider’s proxy; the change takes effect behind it.`,
  type_change_gap: ({ at }) => `This provider cannot swap records of different types in one step: ${at} has no record for a moment.`,
  replaces_keyed_value: ({ at, what }) => `${at} may have only one record of this kind; ${what} would be replaced.`,
  ttl_of_foreign_values: ({ at, type }) => `The lifetime (TTL) of other ${type} records at ${at} would change, too.`,
  untouchable_set: ({ at, type, what }) => `The provider’s API replaces the whole zone with each change and cannot take the ${type} record at ${at} (${what}) along; it may be lost.`,
  changes_foreign_value: ({ at, type, what }) => `The ${type} record at ${at} (${what}) was not made by this product and would change.`,
  large_change: ({ what }) => `The change is large for this zone: ${what}.`,
} as const satisfies Record<Code, (about: { at: string; type: RecordType; what: string }) => string>;

export function consequence(code: Code, ownerName: OwnerName, type: RecordType, values: readonly RecordValue[], what: string = values.join(', ')): Consequence {
  return { code, owner_name: ownerName, type, message: sentences[code]({ at: displayName(ownerName), type, what }), values: [...values] };
}
