import type { OwnerName, RecordType, RecordValue, Secret } from '@connect/domain';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** `headers` and `body` may hold secrets: they are never logged; a URL must not. `body` is JSON unless it is a string. */
export type HttpRequest = {
  method: HttpMethod;
  url: string;
  headers?: Record<string, string>;
  body?: unknown;
  /** Can the call be repeated without a second effect? A lost answer to a call that cannot is `outcome_unknown`. Default: GET only. */
  safe?: boolean;
};
export type HttpAnswer = { status: number; headers: Record<string, string>; text: string; json(): unknown };

/**
 * The only way of an adapter to the network over HTTP: declared hosts, outgoing policy, timeout, size limit, no redirects, no retries.
 * Any status comes back as an answer. Throws `ProviderError`: `provider_unavailable` (nothing was sent), `outcome_unknown` (a write whose answer
 * was lost), `outgoing_denied`; `json()` throws `provider_protocol` where the body is not JSON.
 */
export interface HttpClient {
  request(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer>;
}

export type DnsServer = { address: string; port: number };
export type UpdateKey = { name: string; algorithm: string; secret: Secret<Uint8Array> };
export type DnsRecord = { ownerName: OwnerName; type: RecordType; ttlSeconds: number; value: RecordValue };
export type Prerequisite =
  | { kind: 'set_exists'; ownerName: OwnerName; type: RecordType }
  | { kind: 'set_equals'; ownerName: OwnerName; type: RecordType; values: RecordValue[] }
  | { kind: 'set_absent'; ownerName: OwnerName; type: RecordType }
  | { kind: 'name_in_use'; ownerName: OwnerName }
  | { kind: 'name_not_in_use'; ownerName: OwnerName };
export type UpdateOperation =
  | { kind: 'add'; ownerName: OwnerName; type: RecordType; ttlSeconds: number; value: RecordValue }
  | { kind: 'delete_value'; ownerName: OwnerName; type: RecordType; value: RecordValue }
  | { kind: 'delete_set'; ownerName: OwnerName; type: RecordType };
/** `rcode` and `tsigError` by their RFC names (`NOERROR`, `NXRRSET`, `BADSIG`); `signed`: the answer's own signature was right. */
export type UpdateAnswer = { rcode: string; tsigError: string | null; signed: boolean; serverTime: Date | null };
export type QueryAnswer = UpdateAnswer & { authoritative: boolean; answers: DnsRecord[]; authorities: DnsRecord[] };

/** The way of an adapter to a DNS server (RFC 2136, 8945, 5936), over TCP, under the outgoing policy. A lost answer to an update is `outcome_unknown`. */
export interface DnsUpdateClient {
  query(server: DnsServer, question: { ownerName: OwnerName; type: RecordType }, key: UpdateKey, signal: AbortSignal): Promise<QueryAnswer>;
  update(server: DnsServer, zone: OwnerName, prerequisites: Prerequisite[], operations: UpdateOperation[], key: UpdateKey, signal: AbortSignal): Promise<UpdateAnswer>;
  /** AXFR. Records of DNSSEC signing are left out. `refused` carries the rcode. */
  transfer(server: DnsServer, zone: OwnerName, key: UpdateKey, signal: AbortSignal): Promise<{ records: DnsRecord[] } | { refused: UpdateAnswer }>;
}

/** What a provider gets to work with. `clock` for signatures, `pause` for APIs that are polled: it is cut short by the signal. */
export type ProviderPorts = {
  http: HttpClient;
  dns: DnsUpdateClient;
  clock: { now(): Date };
  pause(ms: number, signal: AbortSignal): Promise<void>;
};
