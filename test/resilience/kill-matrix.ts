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

/** Half of the victims, each at a moment that the seed picks: runs of `npm test` on following days go round the whole matrix. */
export function killsOf(seed: number): readonly Kill[] {
  return victims.filter((_victim, i) => (i + seed) % 2 === 0).map((victim, i) => ({ victim, moment: moments[(Math.floor(seed / 2) + i) % moments.length]! }));
}

/** Where the dns-worker ends itself by SIGKILL (setting CRASH_POINT): between taking a zone's turn and having settled the work. */
export const crashPoints = ['after-turn-taken', 'before-intent', 'after-intent', 'after-write', 'before-settle', 'after-settle'] as const;
export type CrashPoint = (typeof crashPoints)[number];

export function crashPointsOf(seed: number): readonly CrashPoint[] {
  return [crashPoints[seed % crashPoints.length]!];
}
