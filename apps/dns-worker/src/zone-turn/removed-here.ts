import { recordSetToWire, type Message, type ReceiptProjection } from '@connect/contracts';
import type { Sql } from '@connect/storage';
import type { LedgerStore, Receipts } from '../ports/records.port.js';
import type { ZoneTurn } from '../ports/zone-turns.port.js';
import type { WorkEnds } from '../zone-work/work-ends.js';
import { factsOf } from '../zone-work/work-facts.js';
import type { ZoneWork } from '../zone-work/zone-work.js';
import { removedBy } from './receipt-of.js';

type Removing = { records: { ledger: LedgerStore; receipts: Receipts }; ends: WorkEnds };

/**
 * A removal is done in the zone of the turn. A connection that was written in two zones has something to take away in the other one as well: then its receipt is told,
 * the work goes on there, and the last zone's end is the end of the connection, with all that was taken away in any.
 */
export async function removedHere(tx: Sql, { records: { ledger, receipts }, ends }: Removing, turn: ZoneTurn, work: ZoneWork<'remove'>, receipt: ReceiptProjection | null): Promise<Message[]> {
  const facts = factsOf(work, ends.clock);
  const { keep_records: kept } = work.data;
  if (!kept && (await ends.goOnElsewhere(tx, work, turn.zoneKey))) {
    await ledger.letGo(tx, work.connectionId, turn.zoneKey);
    return receipt === null ? [] : [facts.amended(receipt)];
  }
  await ledger.letGo(tx, work.connectionId);
  const removed = kept ? [] : removedBy(await receipts.removals(tx, work));
  const notRestored = kept ? [] : await receipts.replacedBy(tx, work.connectionId);
  return [facts.removed({ receipt, removed: removed.map(recordSetToWire), not_restored: notRestored.map(recordSetToWire), kept })];
}
