import type { Clock } from '@connect/domain';
import type { Logger } from '@connect/observability';
import { CheckCredential } from './check-credential/check-credential.use-case.js';
import { FindZone } from './find-zone/find-zone.use-case.js';
import type { CrashPoints } from './ports/crash-points.port.js';
import type { KnownZones } from './ports/known-zones.port.js';
import type { Credentials, ProviderDoor } from './ports/provider-door.port.js';
import type { Looks } from './ports/looks.port.js';
import type { Randomness } from './ports/randomness.port.js';
import type { LedgerStore, Plans, Receipts, WriteIntents } from './ports/records.port.js';
import type { Tally } from './ports/tally.port.js';
import type { Transactions } from './ports/transactions.port.js';
import type { WriteFreezes } from './ports/write-freezes.port.js';
import type { ZoneTurns } from './ports/zone-turns.port.js';
import type { ErrandStore, ZoneWorkStore } from './ports/zone-work-store.port.js';
import { PreviewPlan } from './preview-plan/preview-plan.use-case.js';
import { RemoveWithoutZone } from './remove-connection/remove-without-zone.use-case.js';
import { RunErrands } from './runner/run-errands.use-case.js';
import { WorkRunner } from './runner/work-runner.js';
import { Admission } from './zone-turn/admission.js';
import { Footprint } from './zone-turn/footprint.js';
import { LookingBack } from './zone-turn/looking-back.js';
import { ProviderSessions, type Deadline } from './zone-turn/provider-sessions.js';
import { Recording } from './zone-turn/recording.js';
import { Recovery } from './zone-turn/recovery.js';
import { Restoring } from './zone-turn/restoring.js';
import { ServeZone } from './zone-turn/serve-zone.use-case.js';
import { Settling } from './zone-turn/settling.js';
import { Trouble } from './zone-turn/trouble.js';
import { Unwritten } from './zone-turn/unwritten.js';
import { WorkEnds, type Tell } from './zone-work/work-ends.js';

/** All that a worker needs from outside, as ports. */
export type WorkerParts = {
  transactions: Transactions; turns: ZoneTurns; works: ZoneWorkStore; errands: ErrandStore; zones: KnownZones;
  plans: Plans; intents: WriteIntents; looks: Looks; ledger: LedgerStore; receipts: Receipts; freezes: WriteFreezes;
  credentials: Credentials; door: ProviderDoor; outbox: Tell; clock: Clock; random: Randomness; crash: CrashPoints; log: Logger; tally: Tally; concurrentZones: number;
  /** Default: the time of the process. */
  deadline?: Deadline;
};

/** Puts one worker together; how its parts hang together is seen here and nowhere else. */
export function assembleWorker(parts: WorkerParts): WorkRunner {
  const { serveZone, runErrands } = assembleStories(parts);
  return new WorkRunner(parts.turns, parts.errands, serveZone, runErrands, { concurrentZones: parts.concurrentZones, clock: parts.clock, log: parts.log, tally: parts.tally });
}

/** What a worker does with a turn and with errands, without the loop that takes them. */
export function assembleStories(parts: Omit<WorkerParts, 'concurrentZones'>): { serveZone: ServeZone; runErrands: RunErrands } {
  const { transactions, turns, works, errands, zones, plans, intents, looks, ledger, receipts, freezes, clock, random, crash, log } = parts;
  const ends = new WorkEnds(transactions, works, parts.outbox, clock);
  const sessions = new ProviderSessions(parts.credentials, parts.door, parts.deadline);
  const trouble = new Trouble(ends, random, log);
  const settling = new Settling({ ledger, receipts, intents, looks }, turns, ends, random, crash);
  const restoring = new Restoring(transactions, turns, looks, { log, tally: parts.tally });
  const serveZone = new ServeZone(works, {
    lookingBack: new LookingBack(sessions, restoring, { looks, ledger, receipts, freezes }, ends, { random, log }),
    admission: new Admission(freezes, { ledger, receipts, plans, intents }, ends),
    sessions,
    footprint: new Footprint(ledger),
    recovery: new Recovery(intents, ledger, settling, ends, random),
    recording: new Recording(transactions, turns, { ledger, plans, intents, looks, works }, parts.outbox, { clock, crash }),
    restoring,
    settling,
    unwritten: new Unwritten({ ledger, plans, receipts }, errands, zones, ends),
    trouble,
  }, crash);
  const runErrands = new RunErrands({
    findZone: new FindZone(sessions, errands, zones, ends, trouble),
    previewPlan: new PreviewPlan(sessions, { zones, ledger, plans }, ends, trouble),
    checkCredential: new CheckCredential(sessions, zones, ends, trouble),
    removeWithoutZone: new RemoveWithoutZone(errands, ledger, ends),
  });
  return { serveZone, runErrands };
}
