export * from './canary.js';
export type { Origin } from './docker.js';
export * from './eventually.js';
export * from './temporary-folder.js';
export * from './test-bus.js';
export * from './test-database.js';
