import { Injectable } from '@nestjs/common';
import { detect, evidence, receiptImage } from '@connect/contracts';
import { Requests } from '@connect/messaging';
import { Owners } from '../ports/owners.port.js';

/** A detection walks from the root and may need its 10 seconds. */
const detectTimeoutMs = 12_000;

@Injectable()
export class BusOwners extends Owners {
  constructor(private readonly requests: Requests) {
    super();
  }

  receiptImage(tenantId: string, connectionId: string, receiptId: string): ReturnType<Owners['receiptImage']> {
    return this.requests.ask(receiptImage, { tenant_id: tenantId, connection_id: connectionId, receipt_id: receiptId });
  }

  evidence(tenantId: string, connectionId: string): ReturnType<Owners['evidence']> {
    return this.requests.ask(evidence, { tenant_id: tenantId, connection_id: connectionId });
  }

  async detect(hostname: string, apex: string): ReturnType<Owners['detect']> {
    return (await this.requests.ask(detect, { hostname, apex }, { timeoutMs: detectTimeoutMs })).detection;
  }
}
