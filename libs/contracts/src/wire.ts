import { z } from 'zod';
import { errorCodes, observationCodes, ownerName, verdicts, writableTypes, type RecordSet } from '@connect/domain';

/** A record set on the bus and in the API. Names absolute with final dot; values in canonical presentation format. */
export const WireRecordSet = z.object({ owner_name: z.string(), type: z.string(), ttl_seconds: z.int().nonnegative(), values: z.array(z.string()).min(1) });
export type WireRecordSet = z.infer<typeof WireRecordSet>;

export function recordSetToWire(set: RecordSet): WireRecordSet {
  return { owner_name: set.ownerName, type: set.type, ttl_seconds: set.ttlSeconds, values: set.values };
}

export function recordSetFromWire(set: WireRecordSet): RecordSet {
  return { ownerName: ownerName(set.owner_name), type: set.type, ttlSeconds: set.ttl_seconds, values: [...set.values] };
}

/** A record as a template or a request gives it; a TXT value is plain text, other values are in presentation format. */
export const WireTemplateRecord = z.strictObject({
  type: z.enum(writableTypes).exclude(['NS']),
  name: z.string().min(1).max(255),
  value: z.string().max(4096),
  ttl_seconds: z.int().min(0).max(2147483647).optional(),
});
export type WireTemplateRecord = z.infer<typeof WireTemplateRecord>;

export const ConflictPolicy = z.enum(['create_only', 'upsert', 'replace_conflicting']);
export type ConflictPolicy = z.infer<typeof ConflictPolicy>;

export const WireZone = z.object({ id: z.string(), apex: z.string() });
export type WireZone = z.infer<typeof WireZone>;

export const WireReason = z.object({
  code: z.enum(errorCodes),
  actor: z.enum(['customer', 'operator', 'provider', 'system']),
  message: z.string(),
  next_step: z.string(),
  detail: z.string().optional(),
  next_check_at: z.iso.datetime().optional(),
  expected_by: z.iso.datetime().optional(),
});

/** One value-level change of one record set. */
export const WireChange = z.object({
  owner_name: z.string(),
  type: z.string(),
  action: z.enum(['create', 'update', 'delete']),
  ttl_seconds: z.int().nullable(),
  ttl_seconds_before: z.int().nullable(),
  added: z.array(z.string()),
  removed: z.array(z.string()),
});
export type WireChange = z.infer<typeof WireChange>;

/** What a change does to what is there, in words. Classes of design: conflict with a CNAME, somebody else's address, mail, and so on. */
export const consequenceCodes = [
  'cname_conflict', 'replaces_address', 'replaces_cname', 'second_spf', 'mail_at_name', 'replaces_mx', 'caa_forbids', 'proxied', 'type_change_gap', 'replaces_keyed_value', 'ttl_of_foreign_values',
  'untouchable_set', 'changes_foreign_value', 'large_change',
] as const;
export const WireConsequence = z.object({ code: z.enum(consequenceCodes), owner_name: z.string(), type: z.string(), message: z.string(), values: z.array(z.string()) });
export type WireConsequence = z.infer<typeof WireConsequence>;

/** The public part of a change plan. `hash` is over zone, changes and consequences: an approval names it. */
export const PlanProjection = z.object({
  id: z.string(),
  hash: z.string(),
  zone: WireZone,
  safe: z.boolean(),
  changes: z.array(WireChange),
  consequences: z.array(WireConsequence),
  made_at: z.iso.datetime(),
  expires_at: z.iso.datetime(),
});
export type PlanProjection = z.infer<typeof PlanProjection>;

/** Values that a write was to leave as they were, and that were gone when we looked: somebody else wrote in the same moment, or the provider lost them. `put_back`: they stand there again. */
export const WireForeignLoss = z.object({ owner_name: z.string(), type: z.string(), values: z.array(z.string()).min(1), put_back: z.boolean() });
export type WireForeignLoss = z.infer<typeof WireForeignLoss>;

export const ReceiptProjection = z.object({
  id: z.string(),
  plan_id: z.string(),
  kind: z.enum(['apply', 'remove', 'undo']),
  zone: WireZone,
  outcomes: z.array(WireChange.extend({ status: z.enum(['applied', 'already_there', 'refused', 'superseded']), code: z.enum(errorCodes).nullable() })),
  /** May grow for some seconds after the write: where the provider shows writes late, the look comes late, too. */
  foreign_losses: z.array(WireForeignLoss),
  applied_at: z.iso.datetime(),
  undo_until: z.iso.datetime().nullable(),
});
export type ReceiptProjection = z.infer<typeof ReceiptProjection>;

export const ServerObservation = z.object({
  server: z.string(),
  address: z.string(),
  owner_name: z.string(),
  type: z.string(),
  code: z.enum(observationCodes),
  observed_at: z.iso.datetime(),
});
export type ServerObservation = z.infer<typeof ServerObservation>;

/** One thing that explains a verdict or stands beside it; the words of the code are in the catalogue. `expected_by`: it is over by then without anybody doing anything. */
export const VerdictFinding = z.object({ code: z.enum(observationCodes), owner_name: z.string(), type: z.string(), detail: z.string(), expected_by: z.iso.datetime().nullable() });
export type VerdictFinding = z.infer<typeof VerdictFinding>;

export const VerdictProjection = z.object({
  verdict: z.enum(verdicts),
  codes: z.array(z.enum(observationCodes)),
  servers: z.array(ServerObservation),
  warnings: z.array(z.string()),
  findings: z.array(VerdictFinding).default([]),
  /** At recursive resolvers: a field, never a gate. null while not asked. */
  visible_at_resolvers: z.boolean().nullable(),
  as_of: z.iso.datetime(),
});
export type VerdictProjection = z.infer<typeof VerdictProjection>;

export const Detection = z.object({
  hostname: z.string(),
  apex: z.string(),
  zone_cut: z.string().nullable(),
  name_servers: z.array(z.string()),
  /** Provider keys whose name-server patterns fit, best first. */
  providers: z.array(z.string()),
  domain_connect: z.object({ provider_id: z.string(), provider_name: z.string(), api_url: z.string() }).nullable(),
  /** What the name serves now. */
  served: z.array(WireRecordSet),
  code: z.enum(['found', 'no_such_domain', 'unreachable', 'our_side']),
  as_of: z.iso.datetime(),
});
export type Detection = z.infer<typeof Detection>;

export const CredentialReport = z.object({
  valid: z.boolean(),
  code: z.enum(errorCodes).nullable(),
  detail: z.string().nullable(),
  zones: z.array(WireZone),
  /** Were all zones of the account listed? Some credentials may not list. */
  zones_complete: z.boolean(),
  may: z.array(z.enum(['list_zones', 'read_records', 'write_records'])),
  wider_than_needed: z.string().nullable(),
  expires_at: z.iso.datetime().nullable(),
  checked_at: z.iso.datetime(),
});
export type CredentialReport = z.infer<typeof CredentialReport>;
