import { byWeight, displayName, observationCatalogue, ownerName, type ObservationCode } from '@connect/domain';
import type { VerdictProjection } from '@connect/contracts';
import type { Claim } from '../ports/claim-store.port.js';
import type { StoredPlan } from '../ports/connection-store.port.js';
import type { Connection } from './connection.js';

/** Where a connection stands, in sentences for a person: what happened, who has to act, what comes next. */
export function explain(connection: Connection, claim: Claim | null, plan: StoredPlan | null): string[] {
  return [...whereItStands(connection), ...howItIsSetUp(connection), ...whatThePlanSays(connection, plan), ...whatTheServersShow(connection), ...whoHoldsTheName(connection, claim)];
}

function whereItStands({ state, reason }: Connection): string[] {
  if (reason === null) return [state === 'live' ? 'Every name server of the zone shows the expected records.' : 'The connection has ended.'];
  const acting = reason.actor === 'system' ? 'Nobody has to act.' : `The ${reason.actor} has to act.`;
  return [`The connection is ${state}: ${reason.message}`, ...(reason.detail === undefined ? [] : [`More precisely: ${reason.detail}.`]), acting, reason.next_step];
}

function howItIsSetUp({ setup, provider, detection }: Connection): string[] {
  const found = detection === null ? [] : [`The domain is served by ${detection.name_servers.map((name) => displayName(ownerName(name))).join(', ') || 'no name server that we found'}${detection.providers.length > 0 ? `, which belong to ${detection.providers.join(' or ')}` : ''}.`];
  if (setup === 'automatic') return [...found, `We write the records through ${provider ?? 'the provider'}.`];
  if (setup === 'manual') return [...found, 'The records are set by hand; we look for them.'];
  return found;
}

function whatThePlanSays({ state }: Connection, plan: StoredPlan | null): string[] {
  if (state !== 'awaiting_approval' || plan?.projection == null) return [];
  return plan.projection.consequences.map((consequence) => consequence.message);
}

function whatTheServersShow({ verdict }: Connection): string[] {
  if (verdict === null) return [];
  const visible = verdict.visible_at_resolvers === true ? ['Recursive resolvers show the records, too.'] : [];
  return [`At the last look (${verdict.as_of}) the verdict was ${verdict.verdict}: ${verdict.codes.join(', ')}.`, ...byWeight(verdict.codes).flatMap((code) => inWords(code, verdict)), ...verdict.warnings.map((warning) => `${warning}.`), ...visible];
}

/** What a code means, where it was seen, and who does what about it. Codes that agree need no words. */
function inWords(code: ObservationCode, { findings }: VerdictProjection): string[] {
  const { effect, actor, message, nextStep } = observationCatalogue[code];
  if (effect === 'agrees') return [];
  const seen = findings.filter((finding) => finding.code === code).map(({ owner_name, type, detail, expected_by }) => (
    `Seen for ${displayName(ownerName(owner_name))} ${type}: ${detail}${expected_by === null ? '' : `; this ends by ${expected_by}`}.`));
  return [`${code}: ${message}`, ...seen, actor === 'system' ? nextStep : `What the ${actor} can do: ${nextStep}`];
}

function whoHoldsTheName({ state }: Connection, claim: Claim | null): string[] {
  if (claim === null || state === 'archived') return claim?.state === 'quarantined' ? ['The hostname is kept from others until it no longer points here.'] : [];
  if (claim.state === 'held') return [claim.proven_at === null ? 'The hostname is held while the records are written.' : 'The hostname is held and proven.'];
  if (claim.state === 'reserved') return ['The hostname is reserved and not proven yet; another tenant could still connect it.'];
  return ['The reservation of the hostname has ended.'];
}
