import { ConnectError } from '@connect/domain';
import type { CredentialForm, ProviderDescriptor } from '../spi/index.js';
import { ownerOfNameServer } from './name-server-patterns.js';
import { credentialProviders } from './providers.generated.js';
import { redirectProviders, type RedirectProvider } from './redirect-providers.js';

/** What the API shows of a provider: one that takes a credential and has an adapter, or one that does not. */
export type CatalogueEntry = { setup: 'credential'; id: string; descriptor: ProviderDescriptor } | ({ id: string } & RedirectProvider);

/** Descriptor and credential form of a provider, without its adapter. */
export type CredentialProvider = { descriptor: ProviderDescriptor; credential: CredentialForm<unknown> };

const withCredential = new Map<string, CredentialProvider>(credentialProviders.map((provider) => [provider.descriptor.id, provider]));
const entries = new Map<string, CatalogueEntry>([
  ...credentialProviders.map(({ descriptor }): [string, CatalogueEntry] => [descriptor.id, { setup: 'credential', id: descriptor.id, descriptor }]),
  ...redirectProviders.map((provider): [string, CatalogueEntry] => [provider.id, provider]),
]);
const patternOwners = [
  ...credentialProviders.map(({ descriptor }) => ({ id: descriptor.id, patterns: descriptor.nameServerPatterns })),
  ...redirectProviders.map(({ id, nameServerPatterns }) => ({ id, patterns: nameServerPatterns })),
];

/** All providers as data: for the gateway and the verifier, which call none. */
export const providerCatalogue = {
  /** By key, in alphabetical order. */
  list(): readonly CatalogueEntry[] {
    return [...entries.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  },
  /** Throws `unknown_provider`. */
  get(key: string): CatalogueEntry {
    const entry = entries.get(key);
    if (entry === undefined) throw unknown();
    return entry;
  },
  /** Descriptors of the providers that take a credential. */
  descriptors(): readonly ProviderDescriptor[] {
    return [...withCredential.values()].map(({ descriptor }) => descriptor);
  },
  /** Throws `unknown_provider`, `unsupported` where a provider takes no credential. */
  descriptor(key: string): ProviderDescriptor {
    return credentialProvider(key).descriptor;
  },
  /** Throws `unknown_provider`, `unsupported`, `credential_format` (it names the right form and never repeats the value). */
  checkForm(key: string, token: string): void {
    credentialProvider(key).credential.parse(token);
  },
  /** Zones of this provider stand on the customer's own servers, which no pattern knows. */
  selfHosted(key: string): boolean {
    return credentialProvider(key).descriptor.hosts === 'from_credential';
  },
} as const;

/** The key of the provider that a name server belongs to, or `null`. Case and a final dot do not matter. */
export function providerIdForNameServer(name: string): string | null {
  return ownerOfNameServer(patternOwners, name);
}

function credentialProvider(key: string): CredentialProvider {
  const provider = withCredential.get(key);
  if (provider !== undefined) return provider;
  if (entries.has(key)) throw new ConnectError('unsupported', { detail: `${key} takes no credential` });
  throw unknown();
}

function unknown(): ConnectError {
  return new ConnectError('unknown_provider', { detail: `known: ${[...entries.keys()].sort().join(', ')}` });
}
