import { houseRules } from './tools/lint/index.mjs';

/** The rules live in tools/lint, each with its reason; test/architecture plants a violation of each and expects it to be refused. */
export default houseRules(import.meta.dirname);
