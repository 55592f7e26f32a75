import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import { sealKey } from '@connect/contracts';
import { Answers } from '@connect/messaging';
import { TransportKeys } from '../transport-keys/transport-keys.js';

/** `rpc.vault.seal-key`: which public key a credential is to be sealed to. */
@Controller()
export class SealKeyHandler {
  constructor(private readonly transportKeys: TransportKeys) {}

  @Answers(sealKey)
  async answer(): Promise<z.infer<typeof sealKey.answer>> {
    const { kid, publicJwk } = await this.transportKeys.announced();
    return { kid, jwk: publicJwk };
  }
}
