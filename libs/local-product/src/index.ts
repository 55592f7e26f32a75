export * from './local-product.js';
export * from './product-secrets.js';
export * from './provision-database.js';
export type { ServiceProcess } from './service-process.js';
