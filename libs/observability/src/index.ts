export * from './inner-server.js';
export * from './logger.js';
export * from './metrics.js';
export * from './observability.module.js';
export * from './trace.js';
