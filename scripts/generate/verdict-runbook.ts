import { observationCatalogue, type Actor, type CodeEffect, type ObservationRow } from '@connect/domain';
import { madeBy, type GeneratedFile } from './generated-file.js';

const whoActs: Readonly<Record<Actor, string>> = { customer: 'the customer', operator: 'who runs this installation', provider: 'the DNS provider', system: 'nobody' };
const effects: Readonly<Record<CodeEffect, string>> = {
  agrees: 'counts as published', blocks: 'blocks `live`', silent: 'blocks `live` for three looks over ten minutes, then becomes a warning if another server answers', warns: 'never blocks `live`: a finding beside the verdict',
  unknown: 'no verdict: `unknown`, and no state changes',
};

/** `docs/runbooks/verdicts.md`: every code that a verdict may hold. */
export function verdictRunbook(): GeneratedFile[] {
  const rows = Object.entries(observationCatalogue) as [string, ObservationRow][];
  const text = [
    '# Why is my domain not live?', '', `<!-- ${madeBy} The words are in libs/domain/src/verdict-catalogue.ts. -->`, '',
    '`GET /v1/connections/{id}/explain` answers this for one connection, with the words below. `GET …/evidence` shows what they rest on: each server’s answer, the delegation, what recursive resolvers said,',
    'and the chain of trust. The `verdict` of a connection has `codes`, and `findings` with where each was seen and, where time alone ends it, `expected_by`.', '',
    '`live` means *published*: every name server of the zone gave, by at least one address, an authoritative answer with the expected data. What recursive resolvers show is told (`visible_at_resolvers`, and the event',
    '`visible`) and decides nothing. A domain can be live and yet not reachable for everybody: `dnssec_bogus`, `old_value_cached` and `negative_cached` say so.', '',
    'The codes, by how much they matter:', '',
    ...rows.map(([code, { message }]) => `- [\`${code}\`](#${code}): ${message}`),
    ...rows.flatMap(([code, { effect, actor, message, seen, nextStep }]) => [
      '', `## ${code}`, '', message, '', `- Seen: ${seen}`, `- Effect: ${effects[effect]}.`, `- Who acts: ${whoActs[actor]}.`, `- What to do: ${nextStep}`,
    ]),
    '',
  ].join('\n');
  return [{ path: 'docs/runbooks/verdicts.md', text }];
}
