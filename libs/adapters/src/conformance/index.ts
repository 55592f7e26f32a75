export * from './conformance-case.js';
export * from './conformance-cases.js';
export * from './describe-provider.js';
export * from './fake-server.js';
export * from './fake-world.js';
export * from './port-faults.js';
export * from './saboteurs.js';
export * from './stage.js';
