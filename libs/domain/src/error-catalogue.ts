/**
 * Every error that the product shows, once. A row is the problem document of an HTTP answer (RFC 9457) and the reason of a connection's
 * state alike. `retry`: `never` (something has to be changed first), `later` (the product itself tries again), `now` (the caller may simply
 * repeat). `actor`: who has to act. `message` says what happened, `nextStep` what to do.
 */
export type Actor = 'customer' | 'operator' | 'provider' | 'system';
export type RetryDecision = 'never' | 'later' | 'now';
export type CatalogueRow = { status: number; retry: RetryDecision; actor: Actor; message: string; nextStep: string };

const row = (status: number, retry: RetryDecision, actor: Actor, message: string, nextStep: string): CatalogueRow => ({ status, retry, actor, message, nextStep });

export const errorCatalogue = {
  // The request
  malformed_request: row(400, 'never', 'operator', 'The request does not fit its schema.', 'Correct the fields named in `errors`.'),
  malformed_json: row(400, 'never', 'operator', 'The body is not JSON.', 'Send a JSON object with content-type application/json.'),
  unsupported_media_type: row(415, 'never', 'operator', 'The body has a content type that is not understood.', 'Send content-type: application/json.'),
  body_too_large: row(413, 'never', 'operator', 'The body is larger than allowed.', 'Send at most the number of bytes named in `detail`.'),
  unauthenticated: row(401, 'never', 'operator', 'The API key is missing, unknown, revoked or expired.', 'Send a valid key as `Authorization: Bearer cd_…`.'),
  forbidden_scope: row(403, 'never', 'operator', 'The API key lacks the scope for this.', 'Use a key with the scope named in `detail`.'),
  not_found: row(404, 'never', 'operator', 'There is no such object.', 'Check the id; objects of another tenant or application are not shown.'),
  method_not_allowed: row(405, 'never', 'operator', 'The path does not know this method.', 'Use one of the methods in the header Allow.'),
  conflict: row(409, 'never', 'operator', 'The object is not in a state that allows this.', 'Read the object, then decide.'),
  idempotency_key_reused: row(409, 'never', 'operator', 'The Idempotency-Key was used with another body.', 'Use a new key for a new request.'),
  in_progress: row(409, 'now', 'operator', 'A request with this Idempotency-Key is still running.', 'Repeat the request in a moment.'),
  already_shown: row(409, 'never', 'operator', 'The key of this request was shown once and is not kept.', 'Create another key and revoke this one.'),
  too_many_requests: row(429, 'now', 'operator', 'Too many requests.', 'Repeat after the seconds in Retry-After.'),
  unavailable: row(503, 'now', 'system', 'A part of the service does not answer at the moment.', 'Repeat the request after the seconds in Retry-After.'),
  internal: row(500, 'now', 'system', 'Something went wrong on our side.', 'Repeat the request; if it stays, report the request_id.'),

  // Hostnames, templates and records
  not_a_domain: row(422, 'never', 'customer', 'This is not a hostname.', 'Give a hostname such as shop.example.com, without scheme, port or path.'),
  hostname_is_ip: row(422, 'never', 'customer', 'An IP address cannot be connected.', 'Give a hostname such as shop.example.com.'),
  hostname_too_long: row(422, 'never', 'customer', 'The hostname is longer than 253 octets.', 'Give a shorter hostname.'),
  bad_label: row(422, 'never', 'customer', 'A label of the hostname is not allowed.', 'Use letters, digits and hyphens, 1 to 63 a label.'),
  public_suffix: row(422, 'never', 'customer', 'This is a public suffix, not a domain that somebody can own.', 'Give a name below it, such as example.com.'),
  name_out_of_zone: row(422, 'never', 'operator', 'A record name lies outside the domain.', 'Use names at or below the hostname, or ending in {{apex}}.'),
  record_invalid: row(422, 'never', 'operator', 'A record is not valid, or the provider refuses its data.', 'Correct the record named in `detail`.'),
  template_variable_missing: row(422, 'never', 'operator', 'A variable of the record template has no value.', 'Give it in `variables`.'),
  template_conflict: row(422, 'never', 'operator', 'The record template contradicts itself.', 'Correct the template.'),
  template_missing: row(422, 'never', 'operator', 'The application has no record template and the request has no records.', 'Set record_template on the application or send `records`.'),

  // Providers and credentials
  unknown_provider: row(422, 'never', 'operator', 'There is no such provider key.', 'Use a key of GET /v1/providers.'),
  credential_format: row(422, 'never', 'customer', 'The credential does not have the form that this provider needs.', 'Give it in the form named in `detail`.'),
  provider_mismatch: row(422, 'never', 'operator', 'The credential belongs to another provider.', 'Name a credential of the same provider.'),
  credential_missing: row(422, 'never', 'customer', 'No stored credential covers this domain.', 'Store a credential, or set the records by hand as GET /v1/connections/{id} shows them.'),
  outgoing_denied: row(422, 'never', 'operator', 'The address of the DNS server or API is not one that we connect to.', 'Use a public address; a self-hoster may open ranges with OUTGOING_ALLOW.'),
  rejected_credential: row(422, 'never', 'customer', 'The provider does not accept the credential.', 'Create a new credential as GET /v1/providers/{key} tells and store it.'),
  missing_permission: row(422, 'never', 'customer', 'The credential is valid but may not do this.', 'Give it the rights of the minimal policy in GET /v1/providers/{key}.'),
  account_not_eligible: row(422, 'never', 'customer', 'The provider does not open its API to this account or domain.', 'See the gate in GET /v1/providers/{key}, or connect by Domain Connect or by hand.'),
  address_not_allowed: row(422, 'never', 'customer', 'The provider accepts the credential from listed addresses only.', 'Add our addresses to the allow-list at the provider: GET /v1/providers/{key} names them as egress_addresses.'),
  zone_not_found: row(422, 'never', 'customer', 'The account of the credential has no zone for this domain.', 'Check that the domain’s DNS is hosted at this provider and that the credential covers it.'),
  zone_ambiguous: row(422, 'never', 'customer', 'Several zones of the account fit this domain.', 'Name the zone id in `zone`.'),
  zone_full: row(422, 'never', 'customer', 'The zone has no room for more records.', 'Remove records that are no longer needed, or raise the limit at the provider.'),
  zone_not_writable: row(422, 'never', 'customer', 'The zone cannot be changed through this API.', 'Change the zone at its primary, or set the records by hand.'),
  record_conflict: row(422, 'never', 'customer', 'The provider refuses the record because another one is in its way.', 'Read GET /v1/connections/{id}/plan and decide which one shall stay.'),
  zone_changed: row(409, 'later', 'system', 'The zone changed between reading and writing.', 'Nothing to do: the plan is made again.'),
  rate_limited: row(503, 'later', 'provider', 'The provider asks us to wait.', 'Nothing to do: we go on when the provider allows it.'),
  provider_unavailable: row(503, 'later', 'provider', 'The provider does not answer, or answers with an error of its own.', 'Nothing to do: we try again.'),
  provider_protocol: row(502, 'later', 'operator', 'The provider’s answer is not what its documentation says.', 'Report it with the connection id.'),
  outcome_unknown: row(503, 'later', 'system', 'The answer to a write was lost.', 'Nothing to do: we look at the zone before anything else happens.'),
  unsupported: row(422, 'never', 'operator', 'The provider cannot do this.', 'See the capabilities in GET /v1/providers/{key}.'),
  large_change_refused: row(422, 'never', 'operator', 'The plan would change too large a part of the zone.', 'Read the plan; if it is meant, split it or ask the operator.'),
  apex_ns_refused: row(422, 'never', 'operator', 'NS and SOA at the apex are never changed.', 'Remove them from the records.'),
  write_frozen: row(503, 'later', 'operator', 'Writing is paused by the operator.', 'Wait until the write freeze ends.'),

  // The life of a connection
  hostname_claimed: row(409, 'never', 'customer', 'The hostname is connected elsewhere.', 'Disconnect it there first, or prove the ownership.'),
  forbidden_transition: row(409, 'never', 'system', 'The connection is not in a state that allows this step.', 'Read the connection, then decide.'),
  connection_archived: row(409, 'never', 'operator', 'The connection has ended.', 'Create a new one.'),
  detecting: row(200, 'later', 'system', 'We are finding out where the domain’s DNS is hosted.', 'Nothing to do.'),
  planning_change: row(200, 'later', 'system', 'We are reading the zone and planning the change.', 'Nothing to do.'),
  writing_records: row(200, 'later', 'system', 'The records are being written.', 'Nothing to do.'),
  waiting_for_publication: row(200, 'later', 'system', 'The records are written; the name servers do not all show them yet.', 'Nothing to do.'),
  removing_records: row(200, 'later', 'system', 'Our records are being removed.', 'Nothing to do.'),
  approval_needed: row(200, 'never', 'customer', 'The change would replace something that is not ours.', 'Read the consequences in GET …/plan and approve it with POST …/approve.'),
  approval_stale: row(409, 'never', 'operator', 'The plan changed since it was read, or its hour is over.', 'Read GET …/plan again and approve what it shows.'),
  set_records_by_hand: row(200, 'never', 'customer', 'The records have to be set at the DNS provider by hand.', 'Set the records shown in the connection; we notice it by ourselves.'),
  apply_template: row(200, 'never', 'customer', 'The customer has to allow the change at the DNS provider (Domain Connect).', 'Send the customer to the address shown in the connection.'),
  records_differ: row(200, 'later', 'customer', 'The name servers show something else than what was written.', 'Compare the zone with the records of the connection, or POST …/retry.'),
  records_absent: row(200, 'later', 'customer', 'The records are no longer published.', 'POST …/retry writes them again.'),
  no_progress: row(200, 'later', 'customer', 'Nothing moved for 7 days.', 'Look at the reason before; POST …/retry starts again. We look once a day.'),
  unproven: row(422, 'never', 'customer', 'The ownership of the hostname is not proven.', 'Write through a stored credential, or publish the challenge record.'),
  removal_blocked: row(200, 'later', 'customer', 'Our records could not be removed yet.', 'Remove what `detail` names, or DELETE with keep_records=true.'),

  // Intake and inner events
  malformed_message: row(400, 'never', 'operator', 'The message does not fit its schema.', 'Correct the findings and publish it again with a new id.'),
  tenant_mismatch: row(422, 'never', 'operator', 'The tenant of the subject and of the body differ.', 'Publish to the subject of the same tenant.'),
  superseded: row(409, 'never', 'system', 'A newer intent replaced this one.', 'Nothing to do.'),
  lease_denied: row(403, 'never', 'operator', 'The credential may not be used for this.', 'Report it with the connection id.'),
  lease_used: row(409, 'later', 'system', 'The lease was used already.', 'Nothing to do: a new one is asked for.'),
  seal_broken: row(500, 'never', 'operator', 'A sealed value does not open in the place where it stands.', 'Look at the audit trail: a value was moved, changed, or its key is gone.'),
  key_unknown: row(422, 'now', 'system', 'The value was sealed to a key that the vault does not hold.', 'Fetch the vault’s key again and repeat.'),
  configuration: row(500, 'never', 'operator', 'The settings are not valid.', 'Correct the findings.'),
} as const satisfies Record<string, CatalogueRow>;

export type ErrorCode = keyof typeof errorCatalogue;
export const errorCodes = Object.keys(errorCatalogue) as [ErrorCode, ...ErrorCode[]];

/** The closed list of what a provider adapter may answer with; a subset of the catalogue. */
export const providerErrorCodes = [
  'rejected_credential', 'missing_permission', 'account_not_eligible', 'address_not_allowed', 'zone_not_found', 'zone_ambiguous', 'zone_full', 'zone_not_writable', 'record_invalid',
  'record_conflict', 'zone_changed', 'rate_limited', 'provider_unavailable', 'provider_protocol', 'outcome_unknown', 'unsupported', 'outgoing_denied', 'credential_format',
] as const satisfies readonly ErrorCode[];
export type ProviderErrorCode = (typeof providerErrorCodes)[number];
