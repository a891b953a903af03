import { defineErrors } from "@sooth/kernel";

export const RuntimeError = defineErrors("runtime", {
  bad_config: {
    status: 500,
    text: (d: { problems: readonly string[] }) =>
      `the configuration cannot be used:\n${d.problems.map((problem) => `  ${problem}`).join("\n")}`,
  },
  answer_too_long: {
    status: 502,
    text: (d: { most: number }) => `the answer has more than ${d.most} bytes, and is not read to its end`,
  },
  answer_too_late: {
    status: 504,
    retry: true,
    text: (d: { within: number }) => `no whole answer came within ${d.within} ms`,
  },
  stop_timed_out: {
    status: 500,
    text: (d: { part: string; afterMs: number }) => `${d.part} did not stop within ${d.afterMs} ms`,
  },
});
