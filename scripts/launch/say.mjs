/** Progress goes to standard error, so that `--json` on standard output stays clean. */
export const say = (text) => process.stderr.write(`[setup] ${text}\n`);
