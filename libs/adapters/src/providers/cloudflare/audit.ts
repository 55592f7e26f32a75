import { valuesOf, type Change } from '@connect/domain';
import type { AuditRule } from '../../spi/index.js';
import { contentOf } from './convert.js';

/** https://developers.cloudflare.com/dns/manage-dns-records/reference/dns-record-types/#txt, verified 2026-11: 2,048 characters of content, quotes included. */
const txtOver2048Characters: AuditRule = {
  name: 'txtOver2048Characters',
  source: 'https://developers.cloudflare.com/dns/manage-dns-records/reference/dns-record-types/#txt, 2026-11',
  refuses: (change: Change) =>
    change.type === 'TXT' && valuesOf(change).added.some((value) => (contentOf('TXT', value).content ?? '').length > 2048) ? 'the text has more than 2,048 characters with its quotes' : null,
};

/** A proxied record is always automatic: another TTL is never kept, so that a plan for it would never become empty. */
const ttlOfProxiedRecords: AuditRule = {
  name: 'ttlOfProxiedRecords',
  source: 'https://developers.cloudflare.com/dns/manage-dns-records/reference/ttl/, 2026-11',
  refuses: ({ before, after }: Change) =>
    before?.proxied === true && after?.proxied === true && before.ttlSeconds !== after.ttlSeconds ? 'the TTL of a proxied record is automatic' : null,
};

/** A DS record needs the NS of its delegation; the apex of a zone holds none here. Empty TXT is ruled out by the descriptor. */
export const cloudflareAudit: readonly AuditRule[] = [txtOver2048Characters, ttlOfProxiedRecords];
