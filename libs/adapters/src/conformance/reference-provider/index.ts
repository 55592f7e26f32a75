import { defineProvider } from '../../spi/index.js';
import { ReferenceAdapter } from './adapter.js';
import { referenceCredential } from './credential.js';
import { referenceDescriptor } from './descriptor.js';

export const reference = defineProvider({
  descriptor: referenceDescriptor,
  credential: referenceCredential,
  audit: [],
  open: (token, ports) => new ReferenceAdapter(token, ports),
});
