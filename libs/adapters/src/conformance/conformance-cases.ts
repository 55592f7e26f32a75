import { dataCases } from './cases/data-cases.js';
import { errorCases } from './cases/error-cases.js';
import { raceCases } from './cases/race-cases.js';
import { readCases } from './cases/read-cases.js';
import { writeCases } from './cases/write-cases.js';
import type { ConformanceCase } from './conformance-case.js';

/** The suite: every provider passes the same cases. */
export const conformanceCases: readonly ConformanceCase[] = [...readCases, ...dataCases, ...writeCases, ...raceCases, ...errorCases];

export function caseNamed(name: string): ConformanceCase | undefined {
  return conformanceCases.find((each) => each.name === name);
}
