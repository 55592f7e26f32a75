export * from './credential-claims.js';
export * from './key-pair.js';
export * from './lease.js';
export { PublicJwk, publicJwk } from './public-jwk.js';
export * from './seal.js';
