import { defineErrors } from "./app-error.ts";

export const KernelError = defineErrors("kernel", {
  not_an_amount: { status: 400, text: (d: { value: string }) => `${d.value} is not an amount of collateral` },
  missing: { status: 500, text: (d: { what: string }) => `${d.what} is missing` },
});
