import { defineProvider } from '../../spi/index.js';
import { openGodaddy } from './adapter.js';
import { godaddyAudit } from './audit.js';
import { godaddyCredential } from './credential.js';
import { godaddyDescriptor } from './descriptor.js';

export const godaddy = defineProvider({
  descriptor: godaddyDescriptor,
  credential: godaddyCredential,
  audit: godaddyAudit,
  open: openGodaddy,
});
