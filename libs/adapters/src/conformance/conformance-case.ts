import type { World, Stage } from './stage.js';

/** A sentence of the contract. `leftOut` gives the reason where a descriptor says no; it may look at nothing else. */
export type ConformanceCase = {
  name: string;
  area: 'read' | 'data' | 'write' | 'safety' | 'error' | 'abort' | 'secrecy';
  leftOut?(world: Pick<World, 'protocol' | 'oddTypes'> & { descriptor: World['provider']['descriptor'] }): string | null;
  run(stage: Stage): Promise<void>;
};

/** The reason, or `null` where the capability is there. */
export function needs(capability: boolean, reason: string): string | null {
  return capability ? null : reason;
}

export const overHttp: NonNullable<ConformanceCase['leftOut']> = ({ protocol }) => needs(protocol === 'http', 'speaks no HTTP');
