import { randomBytes } from 'node:crypto';

/** A record in presentation format (RFC 1035 part 5): `value` is what stands after the type in a zone file. */
export interface ZoneRecord {
  /** Absolute ("www.shop.test.") or relative to the zone ("www"); "@" is the apex. */
  name: string;
  type: string;
  value: string;
  ttlSeconds?: number;
}

export interface NameServer {
  /** Absolute name with final dot. */
  name: string;
  address: string;
}

export interface ZoneInput {
  /** Absolute name with final dot. */
  name: string;
  /** A whole zone file. Without it the zone is made of the fields below. */
  text?: string;
  records?: readonly ZoneRecord[];
  /** NS at the apex, with addresses for those inside the zone. Default: `ns1` at the server's own address. */
  nameServers?: readonly NameServer[];
  /** Of records without their own, and of the SOA. */
  ttlSeconds?: number;
  /** How long "there is nothing" may be kept by resolvers (RFC 2308). Short, so that tests do not wait. */
  negativeTtlSeconds?: number;
}

/** A key that signs updates and transfers (RFC 8945). `secret` is base64. */
export interface TsigKeyText {
  name: string;
  algorithm: 'hmac-sha256' | 'hmac-sha512';
  secret: string;
}

export function newTsigKey(name = 'connect-test.', algorithm: TsigKeyText['algorithm'] = 'hmac-sha256'): TsigKeyText {
  return { name, algorithm, secret: randomBytes(32).toString('base64') };
}

/** The zone as a zone file. `address` is the server's own, for the default name server. */
export function zoneText(zone: ZoneInput, address: string): string {
  if (zone.text !== undefined) return zone.text.endsWith('\n') ? zone.text : `${zone.text}\n`;
  const servers = zone.nameServers ?? [{ name: below('ns1', zone.name), address }];
  const inside = servers.filter((server) => isInside(server.name, zone.name));
  return [
    `$ORIGIN ${zone.name}`,
    `$TTL ${zone.ttlSeconds ?? 5}`,
    `@ SOA ${servers[0]?.name ?? below('ns1', zone.name)} ${below('hostmaster', zone.name)} 1 3600 600 86400 ${zone.negativeTtlSeconds ?? 3}`,
    ...servers.map((server) => `@ NS ${server.name}`),
    ...inside.map((server) => `${server.name} A ${server.address}`),
    ...(zone.records ?? []).map((record) => `${record.name} ${record.ttlSeconds ?? ''} IN ${record.type} ${record.value}`),
    '',
  ].join('\n');
}

/** `below('www', 'shop.test.')` is `www.shop.test.`; the root has no dot of its own to add. */
export function below(label: string, zone: string): string {
  return zone === '.' ? `${label}.` : `${label}.${zone}`;
}

export function isInside(name: string, zone: string): boolean {
  return zone === '.' || name.toLowerCase() === zone.toLowerCase() || name.toLowerCase().endsWith(`.${zone.toLowerCase()}`);
}

/** A file name for a zone: the root has none of its own. */
export function zoneFileName(zone: string): string {
  return zone === '.' ? 'root.zone' : `${zone.replace(/\.$/, '').replaceAll(/[^A-Za-z0-9._-]/g, '_')}.zone`;
}
