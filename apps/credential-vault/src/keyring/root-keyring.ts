import { createSecretKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { ConnectError, Secret } from '@connect/domain';
import type { AssociatedData } from './associated-data.js';
import { keyVersionOf, openEnvelope, sealEnvelope, type Envelope } from './envelope.js';

/** What wraps the other keys. Asynchronous, since a key management service may stand behind it. */
export interface RootKeys {
  /** The version that new envelopes are sealed with. */
  readonly primary: number;
  readonly versions: readonly number[];
  wrap(key: Secret<Buffer>, place: AssociatedData): Promise<Envelope>;
  /** Throws `seal_broken`. The caller overwrites the bytes after use. */
  unwrap(envelope: Envelope, place: AssociatedData): Promise<Buffer>;
}

/** `{"primary": 2, "keys": {"1": "<base64 of 32 bytes>", "2": "…"}}`; `development: true` marks one that production refuses. */
const KeyringText = z.strictObject({
  primary: z.int().positive(),
  development: z.boolean().default(false),
  keys: z.record(z.string().regex(/^[1-9][0-9]{0,8}$/), z.base64().length(44)),
});

export type RootKeyring = RootKeys & { readonly isDevelopment: boolean };

/** Reads a keyring. Throws `configuration` with what is wrong and nothing of what was read. */
export function parseRootKeyring(text: Secret<string>): RootKeyring {
  const parsed = text.open(readText);
  const keys = new Map<number, KeyObject>();
  const seen = new Set<string>();
  for (const [version, encoded] of Object.entries(parsed.keys)) {
    const bytes = Buffer.from(encoded, 'base64');
    if (bytes.length !== 32) throw refused(`key ${version} is not 32 bytes`);
    // A key drawn at random has at least 16 different bytes, but for odds of less than one in 10^9: this finds zeros and typed patterns.
    if (new Set(bytes).size < 16) throw refused(`key ${version} is not random`);
    if (seen.has(encoded)) throw refused(`key ${version} is the same as another version`);
    seen.add(encoded);
    keys.set(Number(version), createSecretKey(bytes));
    bytes.fill(0);
  }
  const primary = keys.get(parsed.primary);
  if (primary === undefined) throw refused(`there is no key of the primary version ${parsed.primary}`);
  return {
    primary: parsed.primary,
    versions: [...keys.keys()].sort((a, b) => a - b),
    isDevelopment: parsed.development,
    wrap: async (key, place) => key.open((bytes) => sealEnvelope(primary, parsed.primary, bytes, place)),
    unwrap: async (envelope, place) => openEnvelope((version) => keys.get(version), envelope, place),
  };
}

/** The same key under the primary version, in the same place. Null if it is there already. */
export async function rewrapped(root: RootKeys, envelope: Envelope, place: AssociatedData): Promise<Envelope | null> {
  if (keyVersionOf(envelope) === root.primary) return null;
  const bytes = await root.unwrap(envelope, place);
  try {
    return await root.wrap(new Secret(bytes), place);
  } finally {
    bytes.fill(0);
  }
}

function readText(text: string): z.infer<typeof KeyringText> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw refused('it is not JSON');
  }
  const parsed = KeyringText.safeParse(json);
  // Only where: zod's messages may repeat what they read.
  if (!parsed.success) throw refused(`it does not fit its form at ${[...new Set(parsed.error.issues.map((issue) => issue.path[0] ?? 'the top'))].map(String).join(', ')}`);
  return parsed.data;
}

function refused(why: string): ConnectError {
  return new ConnectError('configuration', { detail: `The root keyring is refused: ${why}.`, errors: [{ path: 'ROOT_KEYRING', message: why }] });
}
