import type { CredentialReport, Detection } from '@connect/contracts';
import { isWithin, ownerName, type ErrorCode } from '@connect/domain';
import type { Connection } from './connection.js';

/** A stored credential as far as choosing needs it. */
export type CredentialCandidate = { id: string; provider: string; customer_reference: string | null; status: string; report: CredentialReport | null };
/** What is known of a provider without opening it: may its zones be at name servers that no pattern knows? */
export type ProviderTraits = { selfHosted(provider: string): boolean };

export type Choice =
  | { setup: 'automatic'; provider: string; credentialId: string }
  | { setup: 'manual'; code: ErrorCode; detail?: string };

/**
 * Part 4.3 of the design: `automatic` exactly by rule, never by trying tokens. A credential fits when it belongs to the same customer (both absent counts only
 * if the application shares its credentials), its checked zones cover the hostname, and it is for the provider that the caller named or the name servers show.
 * Most recently checked first. No provider has a Domain Connect template of ours yet, so what is not automatic is `manual`.
 */
export function chooseSetup(connection: Connection, detection: Detection | null, credentials: CredentialCandidate[], application: { shared_credentials: boolean }, providers: ProviderTraits): Choice {
  if (connection.requested_setup === 'manual') return byHand(detection);
  const named = credentials.find((credential) => credential.id === connection.credential_id);
  if (named !== undefined) return { setup: 'automatic', provider: named.provider, credentialId: named.id };

  const [best] = credentials
    .filter((credential) => sameCustomer(credential, connection, application) && coversHostname(credential, connection) && fitsProvider(credential, connection, detection, providers))
    .sort((a, b) => (b.report?.checked_at ?? '').localeCompare(a.report?.checked_at ?? ''));
  if (best !== undefined) return { setup: 'automatic', provider: best.provider, credentialId: best.id };

  if (connection.requested_setup === 'automatic') return { setup: 'manual', code: 'credential_missing' };
  if (connection.requested_setup === 'domain_connect') return { setup: 'manual', code: 'set_records_by_hand', detail: 'the provider does not offer our Domain Connect template' };
  return byHand(detection);
}

function byHand(detection: Detection | null): Choice {
  switch (detection?.code) {
    case 'no_such_domain':
      return { setup: 'manual', code: 'set_records_by_hand', detail: 'the domain is not in the DNS yet' };
    case 'unreachable':
      return { setup: 'manual', code: 'set_records_by_hand', detail: 'the name servers of the domain do not answer' };
    case 'found':
    case 'our_side':
    case undefined:
      return { setup: 'manual', code: 'set_records_by_hand' };
  }
}

function sameCustomer(credential: CredentialCandidate, connection: Connection, application: { shared_credentials: boolean }): boolean {
  if (credential.customer_reference === null && connection.customer_reference === null) return application.shared_credentials;
  return credential.customer_reference === connection.customer_reference;
}

function coversHostname(credential: CredentialCandidate, connection: Connection): boolean {
  const report = credential.report;
  if (credential.status === 'destroying' || report === null || !report.valid) return false;
  const hostname = ownerName(connection.hostname);
  const apex = ownerName(connection.apex);
  return report.zones.some((zone) => isWithin(hostname, ownerName(zone.apex)) && isWithin(ownerName(zone.apex), apex));
}

function fitsProvider(credential: CredentialCandidate, connection: Connection, detection: Detection | null, providers: ProviderTraits): boolean {
  if (connection.provider !== null) return credential.provider === connection.provider;
  const found = detection?.providers ?? [];
  return found.length === 0 || found.includes(credential.provider) || providers.selfHosted(credential.provider);
}
