import type { applyConnection, checkCredential, DataOf, previewPlan, removeConnection, undoReceipt } from '@connect/contracts';
import type { RecordSet } from '@connect/domain';

/** Lower goes first, where something has to wait. */
export const lanes = { interactive: 0, background: 1, bulk: 2 } as const;
export type Lane = (typeof lanes)[keyof typeof lanes];

export type WorkCommand =
  | { kind: 'apply'; data: DataOf<typeof applyConnection> }
  | { kind: 'remove'; data: DataOf<typeof removeConnection> }
  | { kind: 'undo'; data: DataOf<typeof undoReceipt> }
  | { kind: 'preview'; data: DataOf<typeof previewPlan> }
  | { kind: 'check'; data: DataOf<typeof checkCredential> };
/** What a write was to leave as it was. Nobody commands it: the worker asks it of itself with the write, and looks when the write can be seen. */
export type LookBack = { application_id: string; credential_id: string; provider: string; connections: string[]; plans: string[]; kept: RecordSet[]; /** What was seen gone, and is not known to be back. */ lost: RecordSet[] };
type Work = WorkCommand | { kind: 'look'; data: LookBack };
export type WorkKind = Work['kind'];

/** What waits for a zone, or for somebody to look at a credential: one command, kept until it has its answer, or a look after a write. */
export type ZoneWork<Kind extends WorkKind = WorkKind> = Extract<Work, { kind: Kind }> & {
  id: string;
  tenantId: string;
  /** '' for the check of a credential, and for a look. */
  connectionId: string;
  generation: number;
  causationId: string;
  lane: Lane;
  /** Provider and zone; null until the zone was found. */
  zoneKey: string | null;
  attempts: number;
  /** Its write was refused beside others: it is tried by itself. */
  alone: boolean;
  /** What of its plan was safe is written; the rest is to be asked for. */
  partly: boolean;
  /** A zone that we thought to know was the wrong one: the provider is asked. */
  doubted: boolean;
  traceparent: string | null;
};
export type ZoneWriting = ZoneWork<'apply' | 'remove' | 'undo'>;

export function isWriting(work: ZoneWork): work is ZoneWriting {
  return work.kind === 'apply' || work.kind === 'remove' || work.kind === 'undo';
}

export function isLook(work: ZoneWork): work is ZoneWork<'look'> {
  return work.kind === 'look';
}

/** Is there a connection that waits for the answer? */
export function isOfConnection(work: ZoneWork): boolean {
  return work.kind !== 'check' && work.kind !== 'look';
}

/** The account on whose behalf a work is done; work of one group shares a lease. */
export type Account = { tenantId: string; applicationId: string; credentialId: string; provider: string };

export function accountOf(work: ZoneWork): Account | null {
  const { application_id, credential_id, provider } = work.data;
  return credential_id === null || provider === null ? null : { tenantId: work.tenantId, applicationId: application_id, credentialId: credential_id, provider };
}
