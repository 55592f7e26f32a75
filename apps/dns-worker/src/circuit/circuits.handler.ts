import { Controller, Inject } from '@nestjs/common';
import type { z } from 'zod';
import { listCircuits } from '@connect/contracts';
import { Answers } from '@connect/messaging';
import type { Circuits } from '../ports/circuits.port.js';
import { CIRCUITS } from '../tokens.js';

/** `rpc.dns.list-circuits`: which providers are called at the moment, for whoever asks at the gateway. */
@Controller()
export class CircuitsHandler {
  constructor(@Inject(CIRCUITS) private readonly circuits: Circuits) {}

  @Answers(listCircuits)
  async answer(): Promise<z.infer<typeof listCircuits.answer>> {
    return { circuits: await this.circuits.list() };
  }
}
