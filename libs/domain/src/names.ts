import { ConnectError } from './connect-error.js';

/** An absolute domain name in the house's one form: A-labels, lower case, final dot. `.` is the root. RFC 9499. */
export type OwnerName = string & { readonly __brand: 'OwnerName' };

/**
 * Brings a name into the house's form. A missing final dot is added: callers pass absolute names only.
 * Labels are 1–63 octets, the whole name at most 253 without the final dot (RFC 1035 2.3.4). Bytes that cannot stand in
 * a host name are kept as they are given (`\DDD` escapes), since a foreign zone may hold them.
 */
export function ownerName(text: string): OwnerName {
  const name = text.endsWith('.') && !text.endsWith('\\.') ? text.toLowerCase() : `${text.toLowerCase()}.`;
  if (name === '.') return name as OwnerName;
  if (name.length > 254 + escapesIn(name) * 3) throw new ConnectError('hostname_too_long', { detail: 'a name has at most 253 octets' });
  for (const label of labelsOf(name as OwnerName)) {
    if (label === '') throw new ConnectError('bad_label', { detail: 'a label is empty' });
    if (octetsOf(label) > 63) throw new ConnectError('bad_label', { detail: 'a label has at most 63 octets' });
  }
  return name as OwnerName;
}

/** The labels from left to right, without the root: `a.b.` → `['a', 'b']`. An escaped dot does not separate. */
export function labelsOf(name: OwnerName): string[] {
  if (name === '.') return [];
  const labels: string[] = [];
  let label = '';
  for (let i = 0; i < name.length; i++) {
    const char = name.charAt(i);
    if (char === '\\') {
      label += char + name.charAt(++i);
    } else if (char === '.') {
      labels.push(label);
      label = '';
    } else {
      label += char;
    }
  }
  return labels;
}

/** Is `name` the zone's apex or below it? */
export function isWithin(name: OwnerName, zone: OwnerName): boolean {
  return zone === '.' || name === zone || name.endsWith(`.${zone}`);
}

/** The name and its ancestors without the root, longest first: `a.b.c.` → `a.b.c.`, `b.c.`, `c.`. */
export function suffixesOf(name: OwnerName): OwnerName[] {
  const labels = labelsOf(name);
  return labels.map((_, i) => `${labels.slice(i).join('.')}.` as OwnerName);
}

/** The name relative to the zone without a final dot; the apex is ''. Throws `name_out_of_zone`. */
export function relativeName(name: OwnerName, zone: OwnerName): string {
  if (name === zone) return '';
  if (!isWithin(name, zone)) throw new ConnectError('name_out_of_zone', { detail: `${name} is not in ${zone}` });
  return zone === '.' ? name.slice(0, -1) : name.slice(0, -(zone.length + 1));
}

/** The inverse of {@link relativeName}: '' is the apex. */
export function absoluteName(relative: string, zone: OwnerName): OwnerName {
  if (relative === '') return zone;
  return ownerName(zone === '.' ? `${relative}.` : `${relative}.${zone}`);
}

/** The name without its final dot, as people write it. */
export function displayName(name: OwnerName): string {
  return name === '.' ? '.' : name.slice(0, -1);
}

function escapesIn(text: string): number {
  return text.split('\\').length - 1;
}

function octetsOf(label: string): number {
  return label.replace(/\\(\d{3}|.)/g, 'x').length;
}
