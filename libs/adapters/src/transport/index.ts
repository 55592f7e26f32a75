export { createDispatcher, type DispatcherOptions } from './dispatcher.js';
export * from './dns-update-client.js';
export * from './http-client.js';
export * from './outgoing-policy.js';
export * from './provider-transport.js';
