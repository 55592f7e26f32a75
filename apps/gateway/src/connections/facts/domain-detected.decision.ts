import type { Detection } from '@connect/contracts';
import { reasonOf } from '@connect/domain';
import { awaitStep } from '../await-step.js';
import type { Choice } from '../choose-setup.js';
import type { ConnectionLife } from '../connection-life.js';
import { enterSetup } from '../enter-setup.js';

const askAgainMs = 30_000;

/** The domain is known now, so the way can be chosen. If it is our own network that is sick, nothing is known and we ask again. */
export function onDomainDetected(life: ConnectionLife, detection: Detection, choice: Choice): void {
  if (life.state === 'awaiting_customer') return onDetectedAgain(life, choice);
  if (choice.setup === 'manual' && detection.code === 'our_side') {
    life.note(reasonOf('detecting', { next_check_at: new Date(life.now().getTime() + askAgainMs).toISOString() }));
    return life.expectWithin(askAgainMs);
  }
  enterSetup(life, choice);
}

function onDetectedAgain(life: ConnectionLife, choice: Choice): void {
  if (choice.setup === 'manual') return awaitStep(life, 'watch');
  life.nextGeneration();
  enterSetup(life, choice);
}
