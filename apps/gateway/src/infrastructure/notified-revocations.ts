import { Injectable } from '@nestjs/common';
import { Revocations } from '../ports/revocations.port.js';
import { keyRevokedChannel, Notifications } from './notifications.js';

@Injectable()
export class NotifiedRevocations extends Revocations {
  constructor(private readonly notifications: Notifications) {
    super();
  }

  follow(onRevoked: (hashInHex: string) => void): void {
    this.notifications.on(keyRevokedChannel, onRevoked);
  }
}
