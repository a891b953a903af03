import { defineErrors } from "@sooth/kernel";
import { counter, registry } from "@sooth/runtime";
import { expect, test } from "vitest";
import { configPage, envExample, errorsPage, metricsPage } from "./documents.ts";

const keys = [
  { key: "PORT", purpose: "where to listen", required: false, secret: false, default: "3000" },
  { key: "SIGNING_KEY", purpose: "signs | reports", required: true, secret: true, default: "" },
];

test("config: a row for each key; the example sets none", () => {
  const page = configPage(keys);
  expect(page).toContain("| `PORT` | where to listen | `3000` |  |");
  expect(page).toContain("| `SIGNING_KEY` | signs \\| reports | must be set | yes |");
  expect(envExample(keys)).toContain("# where to listen\n#PORT=3000\n");
  expect(envExample(keys)).not.toMatch(/^[A-Z]/m);
});

test("errors: sentences with the names of their values, whatever is done to them", () => {
  const { rows } = defineErrors("shown", {
    closed: { status: 409, text: (d: { round: string; at: number }) => `round ${d.round} closed at ${d.at}` },
    many: {
      status: 503,
      retry: true,
      text: (d: { names: string[] }) => `no ${d.names.map((name) => name.trim()).join(", ")}`,
    },
  });
  const page = errorsPage([{ slice: "shown", rows }]);
  expect(page).toContain("| `shown.closed` | 409 |  | round {round} closed at {at} |");
  expect(page).toContain("| `shown.many` | 503 | later | no {names} |");
});

test("metrics: ours by name, with their labels; alerts with their condition", async () => {
  counter("documents_shown_total", "Shown", ["kind"]);
  const page = await metricsPage(registry, [
    { id: "a.b", severity: "page", forSeconds: 60, when: "x > 1", runbook: "docs/runbooks/a.md#b" },
  ]);
  expect(page).toContain("| `documents_shown_total` | counter | Shown | `kind` |");
  expect(page).toContain("| `a.b` | page | `x > 1` | 60 s | `docs/runbooks/a.md#b` |");
});
