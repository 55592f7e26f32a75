import type { applyConnection, checkCredential, DataOf, previewPlan, removeConnection, undoReceipt } from '@connect/contracts';

/** Lower goes first, where something has to wait. */
export const lanes = { interactive: 0, background: 1, bulk: 2 } as const;
export type Lane = (typeof lanes)[keyof typeof lanes];

export type WorkCommand =
  | { kind: 'apply'; data: DataOf<typeof applyConnection> }
  | { kind: 'remove'; data: DataOf<typeof removeConnection> }
  | { kind: 'undo'; data: DataOf<typeof undoReceipt> }
  | { kind: 'preview'; data: DataOf<typeof previewPlan> }
  | { kind: 'check'; data: DataOf<typeof checkCredential> };
export type WorkKind = WorkCommand['kind'];

/** What waits for a zone, or for somebody to look at a credential: one command, kept until it has its answer. */
export type ZoneWork<Kind extends WorkKind = WorkKind> = Extract<WorkCommand, { kind: Kind }> & {
  id: string;
  tenantId: string;
  /** '' for the check of a credential. */
  connectionId: string;
  generation: number;
  causationId: string;
  lane: Lane;
  /** Provider and zone; null until the zone was found. */
  zoneKey: string | null;
  attempts: number;
  /** Its write was refused beside others: it is tried by itself. */
  alone: boolean;
  /** A zone that we thought to know was the wrong one: the provider is asked. */
  doubted: boolean;
  traceparent: string | null;
};
export type ZoneWriting = ZoneWork<'apply' | 'remove' | 'undo'>;

export function isWriting(work: ZoneWork): work is ZoneWriting {
  return work.kind === 'apply' || work.kind === 'remove' || work.kind === 'undo';
}

/** The account on whose behalf a work is done; work of one group shares a lease. */
export type Account = { tenantId: string; applicationId: string; credentialId: string; provider: string };

export function accountOf(work: ZoneWork): Account | null {
  const { application_id, credential_id, provider } = work.data;
  return credential_id === null || provider === null ? null : { tenantId: work.tenantId, applicationId: application_id, credentialId: credential_id, provider };
}
