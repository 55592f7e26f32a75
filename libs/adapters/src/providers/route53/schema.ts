import { z } from 'zod';

/**
 * What we need of the answers, on top of `parseXml`, which gives each child as a list. Everything else passes by.
 * https://docs.aws.amazon.com/Route53/latest/APIReference/, model 2013-04-01, verified 2026-11.
 */
const text = z.string();
const one = <Schema extends z.ZodType>(schema: Schema) => z.tuple([schema]).transform(([value]) => value as z.output<Schema>);
const maybe = <Schema extends z.ZodType>(schema: Schema) => z.array(schema).max(1).optional().transform((values) => values?.[0]);
/** `<Values><Value/>…</Values>`; an empty list is an empty element. */
const listOf = <Schema extends z.ZodType>(name: string, schema: Schema) =>
  z.union([z.string().transform((): z.output<Schema>[] => []), z.record(z.string(), z.array(z.unknown())).transform((children) => children[name] ?? []).pipe(z.array(schema))]);
const present = z.array(z.unknown()).optional().transform((values) => values !== undefined);
const flag = z.enum(['true', 'false']).transform((value) => value === 'true');

export const HostedZone = z.object({
  Id: one(text),
  Name: one(text),
  /** May be absent altogether: then the zone is public. */
  Config: maybe(z.union([z.literal('').transform(() => ({ PrivateZone: undefined })), z.object({ PrivateZone: maybe(flag) })])),
  LinkedService: present,
  Features: maybe(z.object({ AcceleratedRecoveryStatus: maybe(text) })),
});
export type HostedZone = z.infer<typeof HostedZone>;

export const GetHostedZoneResponse = z.object({ HostedZone: one(HostedZone) });

export const ListHostedZonesResponse = z.object({ HostedZones: one(listOf('HostedZone', HostedZone)), IsTruncated: one(flag), NextMarker: maybe(text) });

export const ListHostedZonesByNameResponse = z.object({
  HostedZones: one(listOf('HostedZone', HostedZone)), IsTruncated: one(flag), NextDNSName: maybe(text), NextHostedZoneId: maybe(text),
});

/** A set with one of these is not written by value: aliases have none, the others stand beside sets of the same name and type. */
const beyondValues = {
  AliasTarget: maybe(z.object({ DNSName: one(text) })),
  SetIdentifier: present, Weight: present, Region: present, GeoLocation: present, Failover: present, MultiValueAnswer: present,
  CidrRoutingConfig: present, GeoProximityLocation: present, HealthCheckId: present, TrafficPolicyInstanceId: present,
};

export const ResourceRecordSet = z.object({
  Name: one(text),
  Type: one(text),
  TTL: maybe(z.string().regex(/^\d{1,10}$/).transform(Number)),
  // Some answers carried an empty list beside an AliasTarget (aws/aws-sdk-php 56).
  ResourceRecords: maybe(listOf('ResourceRecord', z.object({ Value: one(text) }).transform(({ Value }) => Value))),
  ...beyondValues,
});
export type ResourceRecordSet = z.infer<typeof ResourceRecordSet>;

export const ListResourceRecordSetsResponse = z.object({
  ResourceRecordSets: one(listOf('ResourceRecordSet', ResourceRecordSet)),
  IsTruncated: one(flag), NextRecordName: maybe(text), NextRecordType: maybe(text), NextRecordIdentifier: maybe(text),
});
export type ListResourceRecordSetsResponse = z.infer<typeof ListResourceRecordSetsResponse>;

const changeInfo = z.object({ ChangeInfo: one(z.object({ Id: one(text), Status: one(z.enum(['PENDING', 'INSYNC'])) })) });
export const ChangeResourceRecordSetsResponse = changeInfo;
export const GetChangeResponse = changeInfo;

/** `ErrorResponse`, and the root `InvalidChangeBatch` that was used for refused batches until about October 2024 (aws/aws-sdk-kotlin 1433). */
export const ErrorResponse = z.object({ Error: one(z.object({ Code: one(text), Message: maybe(text) })) });
export const OldInvalidChangeBatch = z.object({ Messages: one(listOf('Message', text)) });

