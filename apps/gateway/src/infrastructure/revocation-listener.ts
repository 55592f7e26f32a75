import { Injectable } from '@nestjs/common';
import { Authenticate } from '../keys/authenticate.use-case.js';
import { keyRevokedChannel, Notifications } from './notifications.js';

/** A key that was revoked in any replica is forgotten in this one. */
@Injectable()
export class RevocationListener {
  constructor(notifications: Notifications, authenticate: Authenticate) {
    notifications.on(keyRevokedChannel, (hashInHex) => authenticate.forget(hashInHex));
  }
}
