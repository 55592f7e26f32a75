import type { ServiceName } from '@connect/contracts';
import type { ConnectionState } from '@connect/domain';

/** Who is killed, by SIGKILL. */
export const victims = ['gateway', 'credential-vault', 'dns-worker', 'verifier', 'nats-server', 'postgres'] as const satisfies readonly (ServiceName | 'nats-server' | 'postgres')[];
export type Victim = (typeof victims)[number];

/** When: as soon as one of the connections was seen in this state. `accepted`: right after the POSTs. */
export const moments = ['accepted', 'planning', 'propagating', 'live', 'removing'] as const satisfies readonly ('accepted' | ConnectionState)[];
export type Moment = (typeof moments)[number];

export type Kill = { victim: Victim; moment: Moment };

/** Every pair, for `npm run test:kill`. */
export const allKills: readonly Kill[] = victims.flatMap((victim) => moments.map((moment) => ({ victim, moment })));

/** Each victim once, at a moment that the seed picks, so that runs of `npm test` go round the whole matrix. */
export function killsOf(seed: number): readonly Kill[] {
  return victims.map((victim, i) => ({ victim, moment: moments[(seed + i) % moments.length]! }));
}
