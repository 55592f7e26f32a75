import { Injectable } from '@nestjs/common';
import { providerCatalogue, type CatalogueEntry } from '@connect/adapters/catalogue';
import { Providers } from '../ports/providers.port.js';

@Injectable()
export class CatalogueProviders extends Providers {
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
