import type { ZoneReading } from '@connect/adapters/spi';
import { receiptAmended, type Message } from '@connect/contracts';
import { ConnectError, isConnectError, recordSetKey, type RecordSet } from '@connect/domain';
import { newMessage } from '@connect/messaging';
import type { Logger } from '@connect/observability';
import type { Sql } from '@connect/storage';
import { ledgerValuesOf } from '../plan/ledger.js';
import { ZoneState } from '../plan/zone-state.js';
import type { Looks } from '../ports/looks.port.js';
import type { Randomness } from '../ports/randomness.port.js';
import type { LedgerStore, Receipts } from '../ports/records.port.js';
import type { WriteFreezes } from '../ports/write-freezes.port.js';
import type { ZoneTurn } from '../ports/zone-turns.port.js';
import { retryDelayMs } from '../zone-work/retry-delay.js';
import type { WorkEnds } from '../zone-work/work-ends.js';
import { accountOf, lanes, type Account, type ZoneWork } from '../zone-work/zone-work.js';
import { readingOf } from './footprint.js';
import { allOf, broughtBackBy, leftBy, lossesOf, withReturned, withoutSets, type ForeignLoss } from './foreign-losses.js';
import { looksByAccount } from './groups.js';
import type { ProviderSession, ProviderSessions } from './provider-sessions.js';
import type { Restoring } from './restoring.js';

type Look = ZoneWork<'look'>;

/** A look that comes later than this after its write restores nothing: by then a value may be gone because its owner took it away. */
const restoresForMs = 600_000;
const frozenMs = 60_000;
/** Between two looks, where the provider shows writes at once. */
const shortestLookMs = 500;

/**
 * Looks some time after a write for what it was to leave as it was: where a write can be seen only after the provider's settle time, and where the worker that wrote
 * did not live to look itself. What is gone is put back and stands in the receipts of the write.
 */
export class LookingBack {
  constructor(
    private readonly sessions: ProviderSessions,
    private readonly restoring: Restoring,
    private readonly records: { looks: Looks; ledger: Pick<LedgerStore, 'disown'>; receipts: Receipts; freezes: WriteFreezes },
    private readonly ends: WorkEnds,
    private readonly given: { random: Randomness; log: Logger },
  ) {}

  async look(turn: ZoneTurn, looks: readonly Look[]): Promise<void> {
    for (const group of looksByAccount(looks)) {
      const account = group[0] === undefined ? null : accountOf(group[0]);
      if (account === null) continue;
      if (!turn.isSettled()) return;
      try {
        await this.lookFor(turn, account, group);
      } catch (error) {
        await this.meets(turn, group, error);
      }
    }
  }

  private async lookFor(turn: ZoneTurn, account: Account, looks: readonly Look[]): Promise<void> {
    const session = await this.sessions.open(account, {
      purpose: 'write', zone: turn.zone.id, fence: String(turn.fence), connections: looks.flatMap(({ data }) => data.connections), lane: lanes.background, remainingMs: () => turn.remainingMs(),
    });
    const names = [...new Set(looks.flatMap(({ data }) => data.kept.map(({ ownerName }) => ownerName)))];
    const reading = await session.adapter.getRecordSets(turn.zone, readingOf(names, session.descriptor), session.signal);
    for (const look of looks) {
      const isAsRead = await this.judge(session, turn, look, reading);
      // The others rest on a new reading: they are due still.
      if (!isAsRead) return;
    }
  }

  /** Returns whether the zone is still as it was read. */
  private async judge(session: ProviderSession, turn: ZoneTurn, look: Look, reading: ZoneReading): Promise<boolean> {
    const { ageMs, changes } = await this.records.looks.since(look);
    const kept = leftBy(changes, look.data.kept);
    const losses = lossesOf(kept, ZoneState.of(reading.recordSets), { apex: turn.zone.apex, capabilities: session.capabilities });
    const broughtBack = broughtBackBy(changes, kept);
    if (broughtBack.length > 0) this.given.log.error({ zone_key: turn.zoneKey, sets: broughtBack.map(recordSetKey) }, 'foreign values were gone after a write and were written again by a connection that wants the same');
    if (losses.missing.length > 0 && (await this.isFrozen(turn, look))) {
      await this.ends.delay(look, { code: 'write_frozen', detail: null, delayMs: frozenMs, attempts: look.attempts });
      return true;
    }
    const now = ageMs > restoresForMs ? this.restoring.leave(turn, [...losses.replaced, ...losses.missing], 'the look came too late') : await this.restoring.putBack(session, turn, { look: { id: look.id, lost: look.data.lost }, losses }, reading);
    const found = withReturned([...look.data.lost, ...withoutSets(broughtBack, look.data.lost)], now);
    if (found.isCertain) await this.ends.end(look, 'done', (tx) => this.amend(tx, turn, look, { losses: found.losses, broughtBack }));
    else await this.ends.within((tx) => this.records.looks.later(tx, look.id, Math.max(session.descriptor.settleTimeMs, shortestLookMs), allOf(found.losses)));
    return losses.missing.length === 0;
  }

  private async amend(tx: Sql, turn: ZoneTurn, look: Look, { losses, broughtBack }: { losses: readonly ForeignLoss[]; broughtBack: readonly RecordSet[] }): Promise<Message[]> {
    // The customer's again, as it was before: its removal is not ours.
    await this.records.ledger.disown(tx, turn.zoneKey, broughtBack.flatMap(({ ownerName, type, values }) => values.flatMap((value) => ledgerValuesOf(ownerName, type, value))));
    if (losses.length === 0) return [];
    const amended = await this.records.receipts.amend(tx, look.data.plans, losses);
    return amended.map(({ projection, ...about }) => newMessage(receiptAmended, { ...about, causationId: look.causationId }, { receipt: projection }, this.ends.clock));
  }

  private async isFrozen(turn: ZoneTurn, look: Look): Promise<boolean> {
    return (await this.records.freezes.frozen(turn.provider, [look.tenantId])).size > 0;
  }

  private async meets(turn: ZoneTurn, looks: readonly Look[], error: unknown): Promise<void> {
    const known = isConnectError(error) && error.code !== 'internal' ? error : new ConnectError('internal');
    for (const look of looks) {
      if (known.row.retry !== 'never') {
        await this.ends.delay(look, { code: known.code, detail: known.detail ?? null, delayMs: retryDelayMs(known, look.attempts, this.given.random) });
        continue;
      }
      this.given.log.error({ zone_key: turn.zoneKey, code: known.code, sets: look.data.kept.map(recordSetKey) }, 'nobody can look any more whether a write left what it was to leave');
      await this.ends.refuse(look, known.code, known.detail ?? null);
    }
  }
}
