import { randomBytes } from 'node:crypto';

/** A secret made for one test. Where it is seen again, in whatever dress, something leaks. */
export interface Canary {
  readonly name: string;
  readonly value: string;
}

/** A new canary. `prefix` gives it the look of a provider's token; the rest is drawn. */
export function canary(name: string, prefix = ''): Canary {
  return { name, value: `${prefix}${randomBytes(18).toString('base64url').replaceAll(/[-_]/g, 'x')}` };
}

/** A piece of a secret is a leak as well: any run of so many of its characters counts. */
const shortestPiece = 10;

/**
 * Throws when `text` holds the canary: in clear, in part (10 characters or more), as base64 or base64url (also in the middle of a longer
 * encoded text), as hex, or URL-encoded. The error says where it was seen and in which form, and does not print it.
 */
export function assertAbsent(secret: Canary, text: string | Uint8Array, where = 'the text'): void {
  const searched = typeof text === 'string' ? text : Buffer.from(text).toString('latin1');
  const seen = formsOf(secret.value).find(({ needle, anyCase }) => (anyCase ? searched.toLowerCase() : searched).includes(needle));
  if (seen !== undefined) throw new Error(`The canary "${secret.name}" was seen in ${where}, ${seen.form}.`);
}

interface Form {
  form: string;
  needle: string;
  anyCase?: boolean;
}

function formsOf(value: string): Form[] {
  return [
    ...pieces(value).map((needle) => ({ form: needle.length === value.length ? 'in clear' : 'in part', needle })),
    ...base64Forms(value),
    { form: 'as hex', needle: Buffer.from(value).toString('hex'), anyCase: true },
    { form: 'URL-encoded', needle: encodeURIComponent(value) },
    { form: 'URL-encoded', needle: [...Buffer.from(value)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''), anyCase: true },
  ];
}

function pieces(value: string): string[] {
  const starts = Array.from({ length: Math.max(0, value.length - shortestPiece + 1) }, (_, start) => start);
  return [value, ...starts.map((start) => value.slice(start, start + shortestPiece))];
}

/** Three ways to begin within a group of three bytes; the characters at the edges also depend on the neighbours and are left out. */
function base64Forms(value: string): Form[] {
  return [0, 1, 2].flatMap((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), Buffer.from(value)]).toString('base64').replaceAll('=', '');
    const core = encoded.slice(shift === 0 ? 0 : shift + 1, -1);
    return [core, core.replaceAll('+', '-').replaceAll('/', '_')].map((needle) => ({ form: 'as base64', needle }));
  });
}
