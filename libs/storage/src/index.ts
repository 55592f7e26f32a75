export * from './data-source.js';
export * from './migrate.js';
export type { StorageLog } from './quiet-logger.js';
export * from './sql.js';
export { isUniqueViolation, StorageError, storageErrorOf } from './storage-error.js';
export * from './storage.module.js';
export * from './transaction.js';
