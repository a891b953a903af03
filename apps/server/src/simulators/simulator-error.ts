import { defineErrors } from "@sooth/kernel";

export const SimulatorError = defineErrors("simulator", {
  bad_csv: {
    status: 400,
    text: (d: { line: number; found: string; wanted: string }) =>
      `line ${d.line} of the price file: ${d.found}; wanted ${d.wanted}`,
  },
  too_few_prices: {
    status: 400,
    text: (d: { found: number; wanted: number }) =>
      `the price file holds ${d.found} days, wanted at least ${d.wanted}`,
  },
  bad_fault: {
    status: 400,
    text: (d: { found: string }) => `not a fault that this exchange can act out: ${d.found}`,
  },
  no_port: { status: 500, text: (d: { exchange: string }) => `${d.exchange} got no port to listen on` },
});
