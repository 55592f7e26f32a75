export * from './apply-one-by-one.js';
export { valueRefusal } from './capability-rules.js';
export { chunksOf } from './chunks.js';
export { clampTtl } from './clamp-ttl.js';
export * from './compose-rows.js';
export { openProvider } from './open-provider.js';
export { prepareChanges, refused, type PreparedChange, type PreparedChanges } from './prepare-changes.js';
export * from './record-operations.js';
export * from './unexpected.js';
