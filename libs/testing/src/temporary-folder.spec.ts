import { afterEach, expect, it } from '@jest/globals';
import { chownSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { sweepTemporaryFolders, temporaryFolder, type TemporaryFolder } from './temporary-folder.js';

const made: TemporaryFolder[] = [];
afterEach(() => made.splice(0).forEach((folder) => folder.remove()));

/** No process has this number: the kernel's largest is 4,194,304. */
const nobody = 9_999_999;
const inTwoHours = new Date(Date.now() + 7_200_000);

function leftBy(processId: number): { parent: string; path: string } {
  const parent = temporaryFolder('sweep');
  made.push(parent);
  const path = join(parent.path, `connect-test-${processId}-folder-abc`);
  mkdirSync(path);
  return { parent: parent.path, path };
}

it('takes away what a process left behind that is gone', () => {
  const { parent, path } = leftBy(nobody);

  sweepTemporaryFolders(parent, inTwoHours);

  expect(existsSync(path)).toBe(false);
});

it('leaves what is young: its process may be where we do not see it', () => {
  const { parent, path } = leftBy(nobody);

  sweepTemporaryFolders(parent);

  expect(existsSync(path)).toBe(true);
});

it('leaves what a living process has', () => {
  const { parent, path } = leftBy(process.pid);

  sweepTemporaryFolders(parent, inTwoHours);

  expect(existsSync(path)).toBe(true);
});

it('leaves what belongs to somebody else', () => {
  const { parent, path } = leftBy(nobody);
  // Only root can give a folder away; everybody else has nothing of others here, and then this holds by itself.
  if (process.getuid?.() === 0) chownSync(path, 65_534, 65_534);

  sweepTemporaryFolders(parent, process.getuid?.() === 0 ? inTwoHours : new Date());

  expect(existsSync(path)).toBe(true);
});
