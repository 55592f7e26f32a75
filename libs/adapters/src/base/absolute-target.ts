import { displayName, type OwnerName } from '@connect/domain';

/** Data that ends in a name, as in a zone file (RFC 1035 5.1): without a final dot the name is relative to the zone, and `@` is its apex. */
export function withAbsoluteTarget(text: string, apex: OwnerName): string {
  if (text.endsWith('.')) return text;
  const [target, ...before] = text.split(' ').reverse();
  return [...before.reverse(), target === '@' ? apex : `${target}.${displayName(apex)}.`].join(' ');
}
