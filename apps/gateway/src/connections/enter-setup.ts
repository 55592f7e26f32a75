import { reasonOf } from '@connect/domain';
import { awaitStep } from './await-step.js';
import type { Choice } from './choose-setup.js';
import type { ConnectionLife } from './connection-life.js';

/** Goes the chosen way: with automatic setup the hostname is held from here on, since a command that may write leaves with this transaction. */
export function enterSetup(life: ConnectionLife, choice: Choice): void {
  if (choice.setup === 'automatic') return startWriting(life, { provider: choice.provider, credential_id: choice.credentialId });
  life.set({ setup: 'manual' });
  life.move('awaiting_customer', reasonOf(choice.code, choice.detail === undefined ? {} : { detail: choice.detail }));
  awaitStep(life, 'watch');
}

/** Into `planning` with the command that plans and, if the plan is safe, writes. */
export function startWriting(life: ConnectionLife, account: { provider: string; credential_id: string }): void {
  life.set({ setup: 'automatic', ...account, may_have_written: true });
  life.move('planning', reasonOf('planning_change'));
  life.claim('hold');
  awaitStep(life, 'apply');
}
