import { ProviderError } from '@connect/domain';
import { unexpected } from '../../base/index.js';
import type { HttpAnswer } from '../../spi/index.js';

/**
 * Their status and text → our code. Texts are only matched, never quoted: they repeat names and data of the request.
 * https://doc.powerdns.com/authoritative/http-api/index.html#errors and ws-auth.cc, verified 2026-11 on 4.7.3.
 */
export function errorOf(answer: HttpAnswer, options: { write: boolean; now: Date }): ProviderError {
  const { status, text } = answer;
  if (status === 404) return new ProviderError('zone_not_found', { detail: 'the server knows no such zone (or no such server_id)' });
  if (status === 405) return new ProviderError('missing_permission', { detail: 'something before the server refuses the method' });
  if (status === 422 && isConflict(text)) return new ProviderError('record_conflict', { detail: 'the server says that another record set is in the way' });
  if (status === 422 && /unknown type given/.test(text)) return new ProviderError('unsupported', { detail: 'the server does not know the record type' });
  if (status === 422 && /out of zone/.test(text)) return new ProviderError('record_invalid', { detail: 'the server says that the name is outside the zone' });
  return unexpected(answer, options);
}

function isConflict(text: string): boolean {
  return /Conflicts with|has more than one record|pre-existing RRset/i.test(text);
}
