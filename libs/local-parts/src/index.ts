export * from './cache-folder.js';
export * from './free-port.js';
export * from './local-part-error.js';
export { machineEnvironment, silent, type MachineEnvironment, type Progress } from './machine.js';
export * from './nats.js';
export * from './postgres.js';
export { acceptsConnections, startServerProcess, type ServerProcess, type ServerProcessOptions } from './server-process.js';
export * from './dns/index.js';
