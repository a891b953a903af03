import { defineErrors } from "@sooth/kernel";

export const RuntimeError = defineErrors("runtime", {
  bad_config: {
    status: 500,
    text: (d: { problems: readonly string[] }) =>
      `the configuration cannot be used:\n${d.problems.map((problem) => `  ${problem}`).join("\n")}`,
  },
  stop_timed_out: {
    status: 500,
    text: (d: { part: string; afterMs: number }) => `${d.part} did not stop within ${d.afterMs} ms`,
  },
});
