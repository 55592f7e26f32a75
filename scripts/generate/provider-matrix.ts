import { type GeneratedFile } from './generated-file.js';
export function providerMatrix(): GeneratedFile[] { return []; }
