import { valuesOf, type Change } from '@connect/domain';
import type { AuditRule } from '../../spi/index.js';

/** Their own client demands it. namecheap/go-namecheap-sdk namecheap/domains_dns_set_hosts.go, v2.10.1 of 2026-08. */
const iodefWithoutScheme: AuditRule = {
  name: 'iodefWithoutScheme',
  source: 'https://github.com/namecheap/go-namecheap-sdk/blob/master/namecheap/domains_dns_set_hosts.go, 2026-08',
  refuses: (change: Change) =>
    change.type === 'CAA' && valuesOf(change).added.some((value) => / iodef "(?!mailto:|https?:\/\/)/.test(value)) ? 'the value of iodef begins with mailto: or a URL scheme' : null,
};

/** Their own client treats MXPref as one octet. Same file. */
const mxPreferenceOver255: AuditRule = {
  name: 'mxPreferenceOver255',
  source: 'https://github.com/namecheap/go-namecheap-sdk/blob/master/namecheap/domains_dns_set_hosts.go, 2026-08',
  refuses: (change: Change) => (change.type === 'MX' && valuesOf(change).added.some((value) => Number.parseInt(value, 10) > 255) ? 'a preference is at most 255' : null),
};

export const namecheapAudit: readonly AuditRule[] = [iodefWithoutScheme, mxPreferenceOver255];
