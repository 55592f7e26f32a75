import { reasonOf } from '@connect/domain';
import { awaitStep } from './await-step.js';
import type { ConnectionLife } from './connection-life.js';

/** A newer intent: the worker answers the refused one only with its refusal, however often it is asked. */
export function removeAgain(life: ConnectionLife): void {
  life.nextGeneration();
  life.note(reasonOf('removing_records'));
  life.expectWithin(60_000);
  awaitStep(life, 'remove');
}
