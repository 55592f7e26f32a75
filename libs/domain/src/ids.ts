import { v7, validate } from 'uuid';

/** Kinds of public ids. The text form is `<prefix>_<32 hex digits>` over a UUIDv7 (RFC 9562), so ids sort by age. */
export const idPrefixes = {
  tenant: 'ten',
  application: 'app',
  apiKey: 'key',
  credential: 'cred',
  connection: 'con',
  plan: 'plan',
  receipt: 'rcp',
  event: 'evt',
  writeFreeze: 'frz',
} as const;
export type IdKind = keyof typeof idPrefixes;

/** A fresh UUIDv7, for messages. */
export function newUuid(): string {
  return v7();
}

/** A fresh id, for example `con_0192f0c1a2b37c4d8e9f0123456789ab`. */
export function newId(kind: IdKind): string {
  return `${idPrefixes[kind]}_${v7().replaceAll('-', '')}`;
}

export function isId(kind: IdKind, text: string): boolean {
  const prefix = `${idPrefixes[kind]}_`;
  return text.startsWith(prefix) && /^[0-9a-f]{32}$/.test(text.slice(prefix.length));
}

/** A regular expression for one kind of id, for schemas. */
export function idPattern(kind: IdKind): RegExp {
  return new RegExp(`^${idPrefixes[kind]}_[0-9a-f]{32}$`);
}

export function isUuid(text: string): boolean {
  return validate(text);
}
