export { ask, servesZones, type Answer } from './ask.js';
export * from './bind.js';
export type { RunningDnsServer, StartDnsOptions, StartUpdatableOptions } from './dns-server.js';
export * from './knot.js';
export * from './powerdns.js';
export * from './relay.js';
export * from './unbound.js';
export * from './world.js';
export { newTsigKey, zoneText, type NameServer, type TsigKeyText, type ZoneInput, type ZoneRecord } from './zone-text.js';
