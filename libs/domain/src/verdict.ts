/** What a propagation check concludes about one connection. */
export const verdicts = ['published', 'partial', 'absent', 'conflicting', 'unknown'] as const;
export type Verdict = (typeof verdicts)[number];

/** Why a server's observation, or a whole check, is what it is. A closed list; verdict-catalogue.ts has the words, docs/runbooks/verdicts.md shows them. */
export const observationCodes = [
  'expected_value', 'missing_value', 'negative_cached', 'old_value_cached', 'conflicting_value', 'flattened_equivalent', 'proxied', 'wildcard_shadow', 'lame',
  'refused', 'unreachable', 'target_unknown', 'servfail', 'dnssec_bogus', 'delegation_mismatch', 'split_answers', 'cname_loop', 'nxdomain', 'our_side',
] as const;
export type ObservationCode = (typeof observationCodes)[number];
