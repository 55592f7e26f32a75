import { Injectable } from '@nestjs/common';
import { listCircuits, type ProviderCircuit } from '@connect/contracts';
import { ignoreFailure } from '@connect/domain';
import { Requests } from '@connect/messaging';
import { Circuits } from '../ports/circuits.port.js';

@Injectable()
export class BusCircuits extends Circuits {
  constructor(private readonly requests: Requests) {
    super();
  }

  async all(): Promise<ReadonlyMap<string, ProviderCircuit> | null> {
    try {
      const { circuits } = await this.requests.ask(listCircuits, {});
      return new Map(circuits.map((circuit) => [circuit.provider, circuit]));
    } catch (error) {
      ignoreFailure(error, 'the catalogue is of use without it, and says that it is not known');
      return null;
    }
  }
}
