export { opcodeQuery, opcodeUpdate, rcodeName, type Rcode, type TsigError } from './codes.js';
export * from './dns-client-error.js';
export { isKnownAlgorithm, isKnownDs, readDs, type Dnskey, type Ds } from './dnssec/keys.js';
export { readSignedSets, type Rrsig, type SignedSet } from './dnssec/signed-set.js';
export { checkSet, checkZoneKeys, keysOf, type BogusReason, type KeysCheck, type SetCheck } from './dnssec/validate.js';
export * from './exchange.js';
export {
  decodeMessage, encodeQuery, encodeResponse, type DnsMessage, type DnsQuestion, type DnsRecord, type Edns, type QueryOptions, type ResponseInput,
} from './message.js';
export * from './rdata.js';
export * from './signed.js';
export type { DnsAddress } from './sockets.js';
export { signTsig, tsigChain, verifyTsig, type SigningOptions, type TsigChain, type TsigCheck } from './tsig.js';
export { parseTsigKey, tsigAlgorithm, tsigKey, tsigSecret, type TsigAlgorithm, type TsigKey } from './tsig-key.js';
export * from './tsig-server.js';
export * from './update.js';
