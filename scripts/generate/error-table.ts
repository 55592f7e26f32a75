import { errorCatalogue, providerErrorCodes, type Actor, type CatalogueRow, type ErrorCode, type RetryDecision } from '@connect/domain';
import { providerCatalogue } from '@connect/adapters/catalogue';
import { madeBy, type GeneratedFile } from './generated-file.js';
import { table } from './markdown-table.js';

const whoActs: Readonly<Record<Actor, string>> = { customer: 'the customer', operator: 'the SaaS that calls us', provider: 'the provider', system: 'nobody: we do' };
const whenAgain: Readonly<Record<RetryDecision, string>> = { never: 'after something was changed', later: 'we do, by ourselves', now: 'repeat the request' };

/** `docs/errors.md`: every code, who has to act, and what to do; and what stands before an API is opened at all. */
export function errorTable(): GeneratedFile[] {
  const ofProviders = new Set<string>(providerErrorCodes);
  const rows = Object.entries(errorCatalogue) as [ErrorCode, CatalogueRow][];
  const text = [
    '# Errors', '', `<!-- ${madeBy} -->`, '',
    'Every error has one code. As an HTTP answer it is a problem document (RFC 9457, `application/problem+json`) with `code`, `actor` and `next_step`; as the `reason` of a',
    'connection it has the same words. `detail` says what is special about the case and never repeats a secret.',
    '', '## From a provider', '',
    'What an adapter makes of a refused credential, a gate, a limit or an outage, whatever the provider calls it (`libs/adapters/src/providers/<key>/errors.ts`).', '',
    ...codes(rows.filter(([code]) => ofProviders.has(code))),
    '', '## Gates', '',
    'What a provider asks for before it opens its API. An account that does not get through gets `account_not_eligible`, `address_not_allowed` or `missing_permission`, with the gate named in `detail`.', '',
    ...table(['key', 'gate'], providerCatalogue.descriptors().flatMap(({ id, credential }) => (credential.gate === null ? [] : [[`\`${id}\``, credential.gate]]))),
    '', '## From us', '',
    ...codes(rows.filter(([code]) => !ofProviders.has(code))),
    '',
  ].join('\n');
  return [{ path: 'docs/errors.md', text }];
}

function codes(rows: readonly [ErrorCode, CatalogueRow][]): string[] {
  return table(['code', 'HTTP', 'what happened', 'who acts', 'what to do', 'again'], rows.map(([code, { status, actor, message, nextStep, retry }]) => [`\`${code}\``, `${status}`, message, whoActs[actor], nextStep, whenAgain[retry]]));
}
