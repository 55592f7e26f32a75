import type { Actor } from './error-catalogue.js';
import type { ObservationCode } from './verdict.js';

/**
 * What a code does to the verdict (P6). `agrees`: the expected data. `blocks`: an authoritative answer with something else. `silent`: no authoritative answer; blocks for
 * three looks over ten minutes and is a warning from then on, if another server answers. `warns`: is told and never blocks. `unknown`: nothing can be said.
 */
export type CodeEffect = 'agrees' | 'blocks' | 'silent' | 'warns' | 'unknown';

/** `seen` says what evidence stands behind the code. */
export type ObservationRow = { effect: CodeEffect; actor: Actor; message: string; seen: string; nextStep: string };

const row = (effect: CodeEffect, actor: Actor, message: string, seen: string, nextStep: string): ObservationRow => ({ effect, actor, message, seen, nextStep });

/** The words of every code, once: for `GET …/explain`, for the reason of a state and for docs/runbooks/verdicts.md. In the order in which they matter to somebody who asks why a domain does not work. */
export const observationCatalogue = {
  our_side: row('unknown', 'operator', 'Our own way to the DNS does not work, so nothing is said about the domain.', 'No address of the zone answered, and none of the root servers either.',
    'Check that the verifier reaches port 53, UDP and TCP, of the root servers.'),
  dnssec_bogus: row('warns', 'customer', 'DNSSEC does not validate: resolvers that check it, which a large part of the world uses, answer with an error (SERVFAIL) instead of the records.',
    'The DS record at the parent, the zone’s keys and the signatures over the records were fetched from the authoritative servers and do not fit together; or a recursive resolver answered SERVFAIL, and answered when it was asked not to check (CD).',
    'Remove the DS record at the registrar, or let the DNS provider sign the zone and enter the DS record that it shows at the registrar. The change is seen when the TTL of the DS record is over.'),
  cname_loop: row('blocks', 'customer', 'The name leads in a circle of CNAME records.', 'Following the CNAME records of the answer led back to a name that had been there before.', 'Remove one of the CNAME records of the circle.'),
  proxied: row('blocks', 'customer', 'The DNS provider answers with addresses of its own proxy instead of the record.', 'The name servers belong to a provider with a proxy, there is no CNAME record at the name, and all addresses there lie in the published ranges of that proxy.',
    'Switch the proxy off for this name at the DNS provider (Cloudflare: “DNS only”, the grey cloud).'),
  conflicting_value: row('blocks', 'customer', 'A name server gives other data than expected.', 'An authoritative answer with values that do not belong to the connection.',
    'Remove the other values from the zone, or change them to those of the connection; POST …/retry plans the change again. After a change it may also be a name server that has not taken it over yet: that ends by itself.'),
  wildcard_shadow: row('warns', 'customer', 'A wildcard record and the name are in each other’s way.',
    'A label that nobody can have set was asked for beside the name. Either it got the same answer: the answer comes from the wildcard and not from a record at the name. Or it got an answer from the wildcard where the name got none: the name exists, if only by a name below it, and what exists is not covered by a wildcard (RFC 4592).',
    'Create the record at the name itself, as GET /v1/connections/{id} shows it.'),
  split_answers: row('blocks', 'provider', 'The name servers of the zone do not agree.', 'One server gave the expected data, another one gave other data or none.',
    'Wait some minutes: the servers of a provider take changes over one after the other. If it stays, the zone is served by two providers that do not share their data, or a secondary server is cut off: bring them together.'),
  nxdomain: row('blocks', 'provider', 'The name does not exist at a name server.', 'An authoritative NXDOMAIN.',
    'After a write: nothing to do, the server takes the change over within minutes. Where the records are set by hand: set them as GET /v1/connections/{id} shows them.'),
  missing_value: row('blocks', 'provider', 'A name server answers, but without the expected value.', 'An authoritative answer for the name in which the value is missing.',
    'After a write: nothing to do, the server takes the change over within minutes. Where the records are set by hand: set them as GET /v1/connections/{id} shows them.'),
  lame: row('silent', 'customer', 'A server that the delegation names does not answer for the zone with authority.', 'An answer without the AA flag: a referral, somebody’s cache, or an answer that makes no sense.',
    'Take the server out of the delegation at the registrar, or set the zone up on it.'),
  refused: row('silent', 'customer', 'A server that the delegation names refuses to answer for the zone.', 'REFUSED.', 'Take the server out of the delegation at the registrar, or set the zone up on it.'),
  servfail: row('silent', 'provider', 'A name server has a failure of its own.', 'SERVFAIL from an authoritative server: mostly a zone that it could not load, or a secondary whose copy has expired.',
    'Ask the DNS provider, or whoever runs the server, to repair the zone there.'),
  unreachable: row('silent', 'provider', 'A name server does not answer.', 'Nothing by UDP and nothing by TCP within 2 s, a closed port, no way to the address, or an address that we do not ask because it is not public.',
    'Nothing to do if it is a moment’s failure. A server that is gone for good has to be taken out of the delegation at the registrar.'),
  target_unknown: row('silent', 'operator', 'A name server gives addresses instead of the alias, and which addresses the alias’ target has is not known.',
    'No CNAME record at the name, addresses there, and no answer to the question for the addresses of the target.', 'Nothing to do if it is a moment’s failure. If it stays, check the name servers of the name to which the alias leads.'),
  delegation_mismatch: row('warns', 'customer', 'The parent zone and the zone itself name different name servers.', 'The NS records at the parent and those at the zone’s own apex, each asked for with its servers.',
    'Make both lists the same: at the registrar and in the NS records of the zone.'),
  old_value_cached: row('warns', 'system', 'A recursive resolver still gives the data from before the change, although every name server gives the new ones.', 'A resolver’s answer, asked after all name servers agreed; what is left of its TTL says how long.',
    'Nothing to do: the resolver forgets the old data at the time that is named.'),
  negative_cached: row('warns', 'system', 'A recursive resolver still remembers that there was nothing, although every name server gives the data.', 'NXDOMAIN or an empty answer from a resolver, asked after all name servers agreed; its SOA record says how long (RFC 2308: the smaller of its TTL and its minimum field).',
    'Nothing to do: the resolver asks again at the time that is named.'),
  flattened_equivalent: row('agrees', 'system', 'A name server gives the addresses of the target instead of the alias, which is the same to a client.', 'No CNAME record at the name, and only addresses there that the target has, too.', 'Nothing to do.'),
  expected_value: row('agrees', 'system', 'A name server gives the expected data.', 'An authoritative answer with the expected values.', 'Nothing to do.'),
} as const satisfies Record<ObservationCode, ObservationRow>;

/** The codes by how much they matter, those that agree last. */
export function byWeight(codes: readonly ObservationCode[]): ObservationCode[] {
  const order = Object.keys(observationCatalogue);
  return [...codes].sort((one, other) => order.indexOf(one) - order.indexOf(other));
}
