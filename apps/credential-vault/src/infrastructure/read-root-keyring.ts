import { readFileSync } from 'node:fs';
import { ConnectError, Secret } from '@connect/domain';
import type { CredentialVaultConfig } from '../credential-vault.config.js';
import { parseRootKeyring, type RootKeyring } from '../keyring/root-keyring.js';

type Settings = Pick<CredentialVaultConfig, 'NODE_ENV' | 'ROOT_KEYRING' | 'ROOT_KEYRING_FILE'>;

/** The keyring of the settings. Throws `configuration`: unreadable, not valid, or one for development in production. */
export function readRootKeyring(config: Settings): RootKeyring {
  const keyring = parseRootKeyring(config.ROOT_KEYRING ?? readKeyringFile(config.ROOT_KEYRING_FILE ?? ''));
  if (config.NODE_ENV === 'production' && keyring.isDevelopment) {
    throw new ConnectError('configuration', { detail: 'The root keyring is one for development.', errors: [{ path: 'ROOT_KEYRING', message: 'is refused in production: it is marked `development`' }] });
  }
  return keyring;
}

function readKeyringFile(path: string): Secret<string> {
  try {
    return new Secret(readFileSync(path, 'utf8'));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new ConnectError('configuration', { detail: `The file of the root keyring cannot be read (${code}).`, errors: [{ path: 'ROOT_KEYRING_FILE', message: `cannot be read (${code})` }] });
  }
}
