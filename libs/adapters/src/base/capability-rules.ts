import { isConnectError, isWithin, labelsOf, recordValue, txtBytes, untouchableIn, valuesOf, type Change, type ErrorCode, type OwnerName, type RecordValue } from '@connect/domain';
import type { AuditRule, ProviderCapabilities, ProviderDescriptor, RefusedData } from '../spi/index.js';

export type Refusal = { code: ErrorCode; detail: string };

/** Why a change is not sent at all; `null`: it may be. Looks at the change alone; what stands beside it is `conflictOf`'s business. */
export function refusalOf(change: Change, apex: OwnerName, descriptor: ProviderDescriptor, audit: readonly AuditRule[]): Refusal | null {
  return placeRefusal(change, apex) ?? nameRefusal(change, apex, descriptor.capabilities) ?? dataRefusal(change, descriptor.capabilities) ?? auditRefusal(change, audit);
}

function placeRefusal(change: Change, apex: OwnerName): Refusal | null {
  const { ownerName, type } = change;
  if (!isWithin(ownerName, apex)) return { code: 'name_out_of_zone', detail: `${ownerName} is not in ${apex}` };
  if (type === 'SOA' || (type === 'NS' && ownerName === apex)) return { code: 'apex_ns_refused', detail: `${type} at the apex is never changed` };
  const untouchable = untouchableIn(change);
  return untouchable === null ? null : { code: 'unsupported', detail: `the ${type} set at ${ownerName} cannot be written through this API: ${untouchable}` };
}

function nameRefusal({ ownerName, type, after }: Change, apex: OwnerName, capabilities: ProviderCapabilities): Refusal | null {
  const unsupported = (detail: string): Refusal => ({ code: 'unsupported', detail });
  if (!capabilities.types.includes(type)) return unsupported(`${type} records`);
  if (after === null) return null;
  const labels = labelsOf(ownerName);
  if (labels[0] === '*' && !capabilities.wildcard) return unsupported('wildcard names');
  if (labels.some((label) => label.startsWith('_')) && !capabilities.underscoreNames) return unsupported('names with an underscore');
  if (type === 'CNAME' && ownerName === apex && capabilities.apexAlias !== 'flattened_cname') return unsupported('CNAME at the apex');
  return null;
}

function dataRefusal(change: Change, capabilities: ProviderCapabilities): Refusal | null {
  const { type, after } = change;
  if (after === null) return null;
  const invalid = (detail: string): Refusal => ({ code: 'record_invalid', detail });
  if (after.ownerName !== change.ownerName || after.type !== type) return invalid('the set after the change has another name or type');
  if (after.values.length === 0) return invalid('a record set has at least one value; a deleted one is null');
  if (type === 'CNAME' && after.values.length > 1) return invalid('a name has one CNAME at most');
  for (const value of valuesOf(change).added) {
    if (!isCanonical(type, value)) return invalid(`the data of a ${type} record is not in canonical form`);
    const refused = valueRefusal(type, value, capabilities);
    if (refused !== null) return { code: 'unsupported', detail: refused };
  }
  return null;
}

function isCanonical(type: string, value: RecordValue): boolean {
  try {
    return recordValue(type, value) === value;
  } catch (error) {
    if (isConnectError(error)) return false;
    throw error;
  }
}

const refusedData: Readonly<Record<RefusedData, { type: string; says: string; fits(value: RecordValue): boolean }>> = {
  txt_double_quotes: { type: 'TXT', says: 'a TXT record with double quotes in it', fits: (value) => txtBytes(value).includes(0x22) },
  txt_unpaired_double_quotes: { type: 'TXT', says: 'a TXT record with an odd number of double quotes in it', fits: (value) => txtBytes(value).filter((byte) => byte === 0x22).length % 2 === 1 },
  txt_backslash: { type: 'TXT', says: 'a TXT record with a backslash in it', fits: (value) => txtBytes(value).includes(0x5c) },
  txt_trailing_space: { type: 'TXT', says: 'a TXT record that ends with a space', fits: (value) => txtBytes(value).at(-1) === 0x20 },
  caa_whitespace: { type: 'CAA', says: 'a CAA record with a space in its value', fits: (value) => /"[^"]*\s[^"]*"$/.test(value) },
  caa_parameters: { type: 'CAA', says: 'a CAA record with parameters', fits: (value) => /issue(wild)? ".+;.+"$/.test(value) },
  caa_empty_issuer: { type: 'CAA', says: 'a CAA record that names nobody (";")', fits: (value) => /issue(wild)? "\s*;/.test(value) },
  srv_priority_zero: { type: 'SRV', says: 'an SRV record with priority 0', fits: (value) => value.startsWith('0 ') },
};

/** Why the provider's descriptor rules out a value of this type; `null`: it does not. */
export function valueRefusal(type: string, value: RecordValue, capabilities: ProviderCapabilities): string | null {
  if (type === 'MX' && value.endsWith(' .') && !capabilities.nullMx) return 'null MX (RFC 7505)';
  if (type === 'SRV' && value.endsWith(' .') && !capabilities.srvDotTarget) return 'an SRV record with the target "."';
  if (type === 'CAA' && Number.parseInt(value, 10) >= 128 && !capabilities.caaIssuerCritical) return 'a CAA record with the critical flag';
  const named = (capabilities.refusedData ?? []).map((name) => refusedData[name]).find((rule) => rule.type === type && rule.fits(value));
  if (named !== undefined) return named.says;
  if (type !== 'TXT') return null;
  const bytes = txtBytes(value);
  if (bytes.length === 0 && !capabilities.emptyTxt) return 'an empty TXT record';
  if (bytes.length > capabilities.maxTxtBytes) return `a TXT record with more than ${capabilities.maxTxtBytes} octets`;
  if (!capabilities.nonAsciiTxt && bytes.some((byte) => byte > 0x7e || byte < 0x20)) return 'a TXT record with other characters than printable ASCII';
  return null;
}

function auditRefusal(change: Change, audit: readonly AuditRule[]): Refusal | null {
  for (const rule of audit) {
    const detail = rule.refuses(change);
    if (detail !== null) return { code: 'unsupported', detail: `${rule.name}: ${detail}` };
  }
  return null;
}
