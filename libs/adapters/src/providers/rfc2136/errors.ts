import { ProviderError } from '@connect/domain';
import type { UpdateAnswer } from '../../spi/index.js';

/**
 * rcode and TSIG error → our code; what each server answers was observed on BIND 9.18, Knot 3.2 and PowerDNS 4.7 (README). `null`: done.
 * `keyIsKnownGood`: an answer signed with this key was seen just before, so that Knot's BADKEY means its policy and not the key.
 */
export function errorOf(answer: UpdateAnswer, { keyIsKnownGood }: { keyIsKnownGood: boolean }): ProviderError | null {
  const { rcode, tsigError, signed } = answer;
  const said = tsigError === null ? rcode : `${rcode}, ${tsigError}`;
  if (rcode === 'NOERROR') {
    // Anybody on the way could say "done": without the server's signature it is no answer.
    return signed ? null : new ProviderError('outcome_unknown', { detail: 'the answer is not signed' });
  }
  if (tsigError === 'BADSIG' || tsigError === 'BADTRUNC') return new ProviderError('rejected_credential', { detail: `the secret of the key is not the server's (${said})` });
  if (tsigError === 'BADTIME') return new ProviderError('provider_unavailable', { detail: 'the clocks of the server and of this machine differ by more than five minutes' });
  if (tsigError === 'BADKEY') {
    return keyIsKnownGood
      ? new ProviderError('missing_permission', { detail: 'the key may not make this change (the server says BADKEY)' })
      : new ProviderError('rejected_credential', { detail: 'the server does not know the key or its algorithm, or (Knot) its policy forbids this' });
  }
  switch (rcode) {
    case 'NXRRSET':
    case 'YXRRSET':
    case 'NXDOMAIN':
    case 'YXDOMAIN':
      return new ProviderError('zone_changed', { detail: `a prerequisite was not met (${said})` });
    case 'REFUSED':
      return new ProviderError(keyIsKnownGood || signed ? 'missing_permission' : 'rejected_credential', { detail: `the server refuses: its policy, a zone that takes no updates, or the key (${said})` });
    case 'NOTAUTH':
      return new ProviderError('zone_not_writable', { detail: `the server is not the primary of the zone (${said})` });
    case 'NOTIMP':
      return new ProviderError('zone_not_writable', { detail: `the server takes no updates (${said})` });
    case 'NOTZONE':
      return new ProviderError('record_invalid', { detail: 'a name is outside the zone' });
    case 'FORMERR':
      return new ProviderError('record_invalid', { detail: 'the server does not understand the message or a type in it' });
    case 'SERVFAIL':
      return new ProviderError('provider_unavailable', { detail: 'the server failed (SERVFAIL)' });
  }
  return new ProviderError('provider_protocol', { detail: `the server answers ${said}` });
}
