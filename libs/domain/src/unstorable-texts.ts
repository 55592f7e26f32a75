import type { Finding } from './connect-error.js';

/** PostgreSQL keeps neither U+0000 nor half of a surrogate pair in text and jsonb. */
const unstorable = /[\u{0}\p{Surrogate}]/u;

/** Where in what a schema let through there is text that cannot be kept, for the door through which it came. The name of a field counts as a part of what holds it. */
export function unstorableTexts(value: unknown, path: string[] = []): Finding[] {
  if (typeof value === 'string') return unstorable.test(value) ? [{ path: path.join('.'), message: 'holds U+0000 or half of a surrogate pair' }] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, held]) => (unstorable.test(name) ? unstorableTexts(name, path) : unstorableTexts(held, [...path, name])));
}
