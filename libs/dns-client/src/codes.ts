import { ConnectError, type RecordType } from '@connect/domain';

/** https://www.iana.org/assignments/dns-parameters, verified 2026-11-25. Types without a row here are `TYPE<number>` (RFC 3597 5). */
const typeCodes: Record<string, number> = {
  A: 1, NS: 2, CNAME: 5, SOA: 6, PTR: 12, HINFO: 13, MX: 15, TXT: 16, RP: 17, AFSDB: 18, SIG: 24, KEY: 25, AAAA: 28, LOC: 29, SRV: 33, NAPTR: 35, KX: 36, CERT: 37,
  DNAME: 39, OPT: 41, APL: 42, DS: 43, SSHFP: 44, IPSECKEY: 45, RRSIG: 46, NSEC: 47, DNSKEY: 48, DHCID: 49, NSEC3: 50, NSEC3PARAM: 51, TLSA: 52, SMIMEA: 53,
  HIP: 55, CDS: 59, CDNSKEY: 60, OPENPGPKEY: 61, CSYNC: 62, ZONEMD: 63, SVCB: 64, HTTPS: 65, SPF: 99, EUI48: 108, EUI64: 109, TSIG: 250, IXFR: 251, AXFR: 252, ANY: 255,
  URI: 256, CAA: 257,
};
const typeNames = new Map(Object.entries(typeCodes).map(([name, code]) => [code, name]));

/** The number of a type. Throws `record_invalid` for what has none on the wire, such as ALIAS. */
export function typeCode(type: RecordType): number {
  const known = typeCodes[type];
  if (known !== undefined) return known;
  const generic = /^TYPE(\d{1,5})$/.exec(type);
  if (generic && Number(generic[1]) <= 0xffff) return Number(generic[1]);
  throw new ConnectError('record_invalid', { detail: `${type} is no type of the DNS` });
}

export function typeName(code: number): RecordType {
  return typeNames.get(code) ?? `TYPE${code}`;
}

/** Classes; NONE and ANY are operators in updates (RFC 2136 2.4, 2.5). */
export const classIn = 1;
export const classNone = 254;
export const classAny = 255;

export const opcodeQuery = 0;
export const opcodeUpdate = 5;

/** RFC 6895 2.3. 16 to 22 are also the errors of TSIG. */
const rcodeNames = {
  0: 'NOERROR', 1: 'FORMERR', 2: 'SERVFAIL', 3: 'NXDOMAIN', 4: 'NOTIMP', 5: 'REFUSED', 6: 'YXDOMAIN', 7: 'YXRRSET', 8: 'NXRRSET', 9: 'NOTAUTH', 10: 'NOTZONE',
} as const;
const tsigErrorNames = { 16: 'BADSIG', 17: 'BADKEY', 18: 'BADTIME', 22: 'BADTRUNC' } as const;

export type Rcode = (typeof rcodeNames)[keyof typeof rcodeNames] | `RCODE${number}`;
export type TsigError = (typeof tsigErrorNames)[keyof typeof tsigErrorNames] | `RCODE${number}`;

export function rcodeName(code: number): Rcode {
  return code in rcodeNames ? rcodeNames[code as keyof typeof rcodeNames] : `RCODE${code}`;
}

export function rcodeNumber(rcode: Rcode): number {
  const found = Object.entries(rcodeNames).find(([, name]) => name === rcode);
  return Number(found === undefined ? rcode.slice('RCODE'.length) : found[0]);
}

/** The error field of a TSIG record; 0 is none. */
export function tsigErrorName(code: number): TsigError | null {
  if (code === 0) return null;
  return code in tsigErrorNames ? tsigErrorNames[code as keyof typeof tsigErrorNames] : `RCODE${code}`;
}

export function tsigErrorNumber(error: TsigError): number {
  const found = Object.entries(tsigErrorNames).find(([, name]) => name === error);
  return Number(found === undefined ? error.slice('RCODE'.length) : found[0]);
}
