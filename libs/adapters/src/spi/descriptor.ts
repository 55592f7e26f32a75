import type { RecordType } from '@connect/domain';

/**
 * What a provider can do and asks for, as data. A capability that is not named is *no*. Everything here is shown in the catalogue, so no
 * secrets, and every claim has its source in the provider folder's README.
 */
export type ProviderDescriptor = {
  /** The provider key of the public API, for example `cloudflare`. */
  id: string;
  name: string;
  links: { console: string | null; documentation: string };
  /** Which port the adapter talks through. Default `http`. */
  protocol?: 'http' | 'dns';
  /** What the API writes at once. */
  granularity: 'record' | 'record_set' | 'name' | 'zone';
  /** Marks of sets (`untouchable`) that any write of the zone may lose, wherever they stand: what an API that replaces the whole zone cannot carry over. */
  mayLose?: readonly string[];
  /** Can a write be refused by the provider if the zone moved since it was read? Where not, the window against other writers is only narrowed (P1). */
  writeGuard: 'compare_and_swap' | 'none';
  /** Is one call to `applyChanges` all or nothing? */
  atomicWrite: boolean;
  /** Changes (record sets) per call of `applyChanges` at most. */
  maxChangesPerWrite: number;
  /** Can single names be read, or only the whole zone? */
  partialRead: boolean;
  /** How long a write may stay invisible to the API's own reads; a lost answer is not looked into before. */
  settleTimeMs: number;
  /** Hard limit for one provider call. */
  callTimeoutMs: number;
  capabilities: ProviderCapabilities;
  limits: ProviderLimit[];
  /** Hosts that the adapter may talk to; `from_credential` where the customer names the server. */
  hosts: readonly string[] | 'from_credential';
  /** 4: its allow-list of addresses knows IPv4 only, so we come by IPv4. */
  addressFamily?: 4;
  credential: CredentialDescription;
  /** Patterns of name-server names, lower case without final dot, `*` for any labels or part of one: `*.ns.cloudflare.com`. */
  nameServerPatterns: readonly string[];
  sunset: { date: string; note: string } | null;
};

export type ProviderCapabilities = {
  types: readonly RecordType[];
  /** How a name that may not hold a CNAME (the apex) can follow another name. `none`: by A and AAAA of the target only. */
  apexAlias: 'none' | 'alias_record' | 'flattened_cname' | 'provider_alias';
  wildcard: boolean;
  underscoreNames: boolean;
  ttl: { minSeconds: number; maxSeconds: number; /** Allowed values only, if the API knows a list. */ steps?: readonly number[]; /** Values that are shown as another one after the write. */ readAs?: Readonly<Record<number, number>> };
  /** One TTL for all values of a set? Where not, the smallest one of a set is read. */
  nullMx: boolean;
  srvDotTarget: boolean;
  caaIssuerCritical: boolean;
  emptyTxt: boolean;
  /** Octets of a TXT value, joined. */
  maxTxtBytes: number;
  nonAsciiTxt: boolean;
  /** Data that is valid, and that this provider refuses or spoils; the base refuses it by name before anything is sent. Sources: the folder's README. */
  refusedData?: readonly RefusedData[];
  /** Does the API list every zone of the account? Some credentials may not. */
  listsZones: boolean;
};

export type RefusedData = 'txt_double_quotes' | 'txt_unpaired_double_quotes' | 'txt_backslash' | 'txt_trailing_space' | 'caa_whitespace' | 'caa_parameters' | 'caa_empty_issuer' | 'srv_priority_zero';

/** A budget that the provider counts, shared by all workers (P9). */
export type ProviderLimit = { scope: 'account' | 'token' | 'address' | 'zone' | 'project'; calls: 'all' | 'read' | 'write'; amount: number; windowSeconds: number };

export type CredentialField = { name: string; secret: boolean; format: string; placeholder: string };

export type CredentialDescription = {
  /** The form in one line, as on the user's page: `apikey:secretapikey`. */
  format: string;
  json: boolean;
  fields: readonly CredentialField[];
  /** What a person does to create it, step by step. */
  steps: readonly string[];
  gate: string | null;
  /** The narrowest rights that suffice, as text to copy. `{{zone}}` is filled in where the catalogue knows it. */
  minimalPolicy: string;
};
