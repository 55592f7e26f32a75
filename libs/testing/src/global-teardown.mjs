/** Ends what the run started; see global-setup.mjs. */
export default async function globalTeardown() {
  await globalThis.closeConnectTestDoor?.();
}
