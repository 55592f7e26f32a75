import { providerCatalogue, type CatalogueEntry } from '@connect/adapters/catalogue';
import { Providers } from '../ports/providers.port.js';

export class CatalogueProviders extends Providers {
  constructor(readonly egressAddresses: readonly string[]) {
    super();
  }

  list(): readonly CatalogueEntry[] {
    return providerCatalogue.list();
  }

  get(key: string): CatalogueEntry {
    return providerCatalogue.get(key);
  }

  checkForm(key: string, token: string): void {
    providerCatalogue.checkForm(key, token);
  }

  selfHosted(key: string): boolean {
    return providerCatalogue.selfHosted(key);
  }
}
