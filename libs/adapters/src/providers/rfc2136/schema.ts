/**
 * Answers come in wire format and are read by the DNS client; there is no JSON to fit. What is ours to know is which types of a name are asked
 * for one by one where the server gives no transfer: those that we write, and those that stand in their way.
 */
export const typesAskedFor = ['CNAME', 'A', 'AAAA', 'MX', 'TXT', 'CAA', 'SRV', 'HTTPS', 'SVCB', 'NS', 'PTR', 'DS', 'TLSA', 'SSHFP', 'NAPTR', 'DNAME', 'LOC'] as const;

/** Types that may not stand beside a CNAME and that a prerequisite can exclude. */
export const typesBesideNoCname = typesAskedFor.filter((type) => type !== 'CNAME');
