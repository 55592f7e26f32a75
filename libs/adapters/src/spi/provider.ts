import type { Change, Secret } from '@connect/domain';
import type { ProviderAdapter } from './adapter.js';
import type { ProviderDescriptor } from './descriptor.js';
import type { ProviderPorts } from './ports.js';

/** A small named refusal, before anything is sent: what the provider was seen to refuse or to spoil. `null`: fine. */
export type AuditRule = { name: string; source: string; refuses(change: Change): string | null };

/**
 * The credential of one provider. `parse` takes the string of the user's page (or the JSON text) and throws `credential_format` with a detail that
 * names the right form and never repeats the value.
 */
export type CredentialForm<Credential> = { parse(token: string): Credential };

/** A server that a credential names, where the descriptor says `hosts: 'from_credential'`. Nothing else is connected to. */
export type CredentialServer = { protocol: 'https:' | 'http:' | 'dns:'; host: string; port: number };

export type ProviderDefinition<Credential, Native> = {
  descriptor: ProviderDescriptor;
  credential: CredentialForm<Credential>;
  audit: readonly AuditRule[];
  /** Needed where the hosts come from the credential. */
  servers?(credential: Credential): readonly CredentialServer[];
  open(credential: Credential, ports: ProviderPorts): ProviderAdapter<Native>;
};

/** A provider as the rest of the house sees it: credential type and native records are its own business. */
export type Provider = {
  descriptor: ProviderDescriptor;
  audit: readonly AuditRule[];
  /** Throws `credential_format`. */
  checkForm(token: string): void;
  /** Empty where the descriptor fixes the hosts. Throws `credential_format`. */
  serversOf(token: Secret<string>): readonly CredentialServer[];
  open(token: Secret<string>, ports: ProviderPorts): ProviderAdapter;
};

export function defineProvider<Credential, Native>(definition: ProviderDefinition<Credential, Native>): Provider {
  return {
    descriptor: definition.descriptor,
    audit: definition.audit,
    checkForm(token: string): void {
      definition.credential.parse(token);
    },
    serversOf(token: Secret<string>): readonly CredentialServer[] {
      return token.open((text) => definition.servers?.(definition.credential.parse(text)) ?? []);
    },
    open(token: Secret<string>, ports: ProviderPorts): ProviderAdapter {
      return token.open((text) => definition.open(definition.credential.parse(text), ports)) as ProviderAdapter;
    },
  };
}

