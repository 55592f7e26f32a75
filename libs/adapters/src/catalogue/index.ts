export type { CredentialDescription, CredentialField, ProviderCapabilities, ProviderDescriptor, ProviderLimit } from '../spi/index.js';
export { fitsPattern } from './name-server-patterns.js';
export * from './provider-catalogue.js';
export type { RedirectProvider } from './redirect-providers.js';
