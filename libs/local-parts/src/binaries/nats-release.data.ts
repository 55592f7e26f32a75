/**
 * The release that is fetched where no package manager gives one, with the SHA-256 of each archive as the project
 * published it in SHA256SUMS (https://github.com/nats-io/nats-server/releases/tag/v2.10.10; sums as recorded by the
 * package list of https://github.com/cashapp/hermit-packages, read 2026-11-25). A platform that is not here is not fetched.
 */
export const natsRelease = {
  version: '2.10.10',
  sha256: {
    'darwin-amd64': '5b6bfed8f75ecb2f6465b87334f4e757a66c32b6c5f802e964a080a3716ffffb',
    'darwin-arm64': '8af6cbd8f3f21bcec164d17bc879d3e7807cd98e1c7839ac668986a71c4e52c6',
    'linux-amd64': 'c8cd7e19b906a5f8a7f9f7e70fc4bfa492d66a069d9664c4db19fdee1b6aa640',
  } as Readonly<Record<string, string>>,
} as const;
