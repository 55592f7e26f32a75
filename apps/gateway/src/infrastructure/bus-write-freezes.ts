import { Injectable } from '@nestjs/common';
import { beginWriteFreeze, endWriteFreeze, listWriteFreezes, type WriteFreeze } from '@connect/contracts';
import { Requests } from '@connect/messaging';
import { WriteFreezes } from '../ports/write-freezes.port.js';

@Injectable()
export class BusWriteFreezes extends WriteFreezes {
  constructor(private readonly requests: Requests) {
    super();
  }

  async list(): Promise<WriteFreeze[]> {
    return (await this.requests.ask(listWriteFreezes, {})).freezes;
  }

  async begin(freeze: Omit<WriteFreeze, 'begun_at'>): Promise<WriteFreeze> {
    return (await this.requests.ask(beginWriteFreeze, freeze)).freeze;
  }

  async end(id: string): Promise<boolean> {
    return (await this.requests.ask(endWriteFreeze, { id })).ended;
  }
}
