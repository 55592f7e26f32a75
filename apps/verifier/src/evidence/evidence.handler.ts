import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { ConnectError } from '@connect/domain';
import { evidence } from '@connect/contracts';
import { Answers } from '@connect/messaging';
import type { z } from 'zod';
import type { WatchStore } from '../ports/watch-store.port.js';
import { CONFIG, WATCH_STORE } from '../tokens.js';
import type { VerifierConfig } from '../verifier.config.js';
import { noEvidence, type Evidence } from './evidence-of.js';

/** What each server answered at the last look. The roots and the port map are shown: a verdict from a test world must be known as one. */
@Controller()
export class EvidenceHandler {
  constructor(@Inject(WATCH_STORE) private readonly store: WatchStore, @Inject(CONFIG) private readonly config: Pick<VerifierConfig, 'DNS_ROOTS' | 'DNS_PORT_MAP'>) {}

  @Answers(evidence)
  async answer(@Payload() ask: z.infer<typeof evidence.ask>): Promise<z.infer<typeof evidence.answer>> {
    const kept = await this.store.evidenceOf(ask.tenant_id, ask.connection_id);
    if (kept === null) throw new ConnectError('not_found');
    const { observations, delegation, resolvers, dnssec } = { ...noEvidence, ...(kept.evidence as Partial<Evidence> | null) };
    return { as_of: kept.lookedAt?.toISOString() ?? null, observations, delegation, resolvers, dnssec, roots: this.config.DNS_ROOTS.map((root) => root.address), port_map: this.config.DNS_PORT_MAP };
  }
}
