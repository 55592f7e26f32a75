import type { CatalogueEntry } from '@connect/adapters/catalogue';

/** The catalogue of providers, as data. */
export abstract class Providers {
  /** The addresses that calls to a provider come from; empty where the operator has not said. */
  abstract readonly egressAddresses: readonly string[];
  abstract list(): readonly CatalogueEntry[];
  /** Throws `unknown_provider`. */
  abstract get(key: string): CatalogueEntry;
  /** Throws `unknown_provider`, `credential_format` (names the right form and never repeats the value), `unsupported` where a provider takes no credential. */
  abstract checkForm(key: string, token: string): void;
  /** Zones of this provider stand on servers that no name-server pattern knows. */
  abstract selfHosted(key: string): boolean;
}
