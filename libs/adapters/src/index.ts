export * from './base/index.js';
export * from './registry.js';
export * from './spi/index.js';
export * from './transport/index.js';
