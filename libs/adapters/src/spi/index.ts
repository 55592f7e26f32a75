export * from './adapter.js';
export * from './descriptor.js';
export * from './ports.js';
export * from './provider.js';
