import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { madeBy, type GeneratedFile } from './generated-file.js';

const folder = 'libs/adapters/src';

/** What a folder must hold to count as a provider; one that is being written is not yet in the registry. */
const needed = ['index.ts', 'descriptor.ts', 'credential.ts', 'adapter.ts', 'convert.ts', 'errors.ts', 'audit.ts', 'README.md'];

/** The provider folders, in alphabetical order: the one list that registry, catalogue and matrix come from. */
export function providerFolders(root: string): string[] {
  const providers = join(root, folder, 'providers');
  return readdirSync(providers, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && needed.every((file) => existsSync(join(providers, entry.name, file))))
    .map((entry) => entry.name)
    .sort();
}

/** Registry (adapters) and catalogue (descriptor and credential form only, so that the gateway loads no adapter). */
export function providerRegistry(root: string): GeneratedFile[] {
  const ids = providerFolders(root);
  return [
    {
      path: `${folder}/registry.generated.ts`,
      text: [
        `// ${madeBy}`,
        ...ids.map((id) => `import { ${variable(id)} } from './providers/${id}/index.js';`),
        "import type { Provider } from './spi/index.js';",
        '',
        `export const allProviders: readonly Provider[] = [${ids.map(variable).join(', ')}];`,
        '',
      ].join('\n'),
    },
    {
      path: `${folder}/catalogue/providers.generated.ts`,
      text: [
        `// ${madeBy}`,
        "import type { CredentialForm, ProviderDescriptor } from '../spi/index.js';",
        ...ids.flatMap((id) => [
          `import { ${variable(id)}Credential } from '../providers/${id}/credential.js';`,
          `import { ${variable(id)}Descriptor } from '../providers/${id}/descriptor.js';`,
        ]),
        '',
        'export const credentialProviders: readonly { descriptor: ProviderDescriptor; credential: CredentialForm<unknown> }[] = [',
        ...ids.map((id) => `  { descriptor: ${variable(id)}Descriptor, credential: ${variable(id)}Credential },`),
        '];',
        '',
      ].join('\n'),
    },
  ];
}

/** `some-provider` → `someProvider`: the name of its exports. */
function variable(id: string): string {
  return id.replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
