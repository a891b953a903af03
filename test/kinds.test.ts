import type { QuestionKind, QuestionSchema } from "@sooth/oracle/core";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test, vi } from "vitest";

/**
 * A kind of question is one file. Here another kind stands in the place of one of them: form, API and node know nothing of it but
 * that file, and follow. What a new one needs besides is its name in the list of `kinds/index.ts`.
 */
const root = path.resolve(import.meta.dirname, "..");
const FILE = "../packages/oracle/src/core/kinds/score.ts";
const NOW = 1_747_000_000;

/** Parts of a thousand, of which somebody types how many places they have. */
const permille: QuestionKind = {
  name: "score",
  title: "A share",
  hint: "How many of a thousand?",
  aggregation: "median",
  complaint: ({ unit }) => (unit === "permille" ? null : "a share is in permille"),
  bounds: ({ decimals }) => ({ min: 0n, max: 1_000n * 10n ** BigInt(decimals) }),
  sizeOf: ({ digits, scale }, { decimals }) => (digits * 10n ** BigInt(decimals)) / 10n ** BigInt(scale),
  counted: () => false,
  refusal: ({ digits }) => (digits < 0n ? "is no share" : null),
  valueOf: ({ digits, scale }, { decimals }) => (digits * 10n ** BigInt(decimals)) / 10n ** BigInt(scale),
  hold: (value, { min, max }) => (value < min ? min : value > max ? max : value),
  label: (value) => `${value} of a thousand`,
  form: {
    fields: [{ name: "places", label: "Places of the share", as: "number", isWhole: true }],
    deciding: [],
    initial: { places: "1" },
    read: (typed) => ({
      part: { outcomes: [], decimals: Number(typed["places"]), unit: "permille", rule: { type: "value" } },
      problems: typed["places"] === "9" ? { places: "Too many." } : {},
    }),
    typedFor: ({ decimals }) => ({ places: String(decimals) }),
    aboutBounds: "A share lies between nothing and all.",
  },
};

afterEach(() => {
  vi.doUnmock(FILE);
  vi.resetModules();
});

async function withKind() {
  vi.resetModules();
  vi.doMock(FILE, () => ({ score: permille }));
  const [core, draft, plan] = await Promise.all([
    import("@sooth/oracle/core"),
    import("../apps/web/src/features/create/draft.ts"),
    import("../apps/web/src/features/create/plan.ts"),
  ]);
  return { core, form: { ...draft, ...plan } };
}

test("another kind in the place of one file is in the form, at the API and in a node", async () => {
  const { core, form } = await withKind();

  // The form: it is offered, its field is there with what it holds at first, and what is wrong with it is told.
  expect(core.FORM_KINDS.map((kind) => core.kindOf({ kind }).title)).toContain("A share");
  const source = { name: "k", url: "https://k.example/p", path: "a", unit: "permille", scale: "0" };
  const draft = {
    ...form.newDraft(NOW, true),
    kind: "score" as const,
    text: "How many of a thousand are there?",
    edges: ["500"],
    sources: [source],
  };
  expect(form.formOf(draft).fields.map(({ label }) => label)).toEqual(["Places of the share"]);
  expect(draft.typed["places"]).toBe("1");
  const bad = { ...draft, typed: { ...draft.typed, places: "9" } };
  expect(form.planOf(bad, NOW, 6).problems).toEqual({ places: "Too many." });
  const { plan, problems } = form.planOf(draft, NOW, 6);
  expect(problems).toEqual({});
  expect(plan?.schema).toMatchObject({ kind: "score", decimals: 1, unit: "permille" });
  expect(plan?.market?.cuts).toEqual(["5000"]);

  // The API: its schema is taken as the kind says, and refused as the kind says.
  const schema = core.questionSchema.parse(plan?.schema) as QuestionSchema;
  expect(core.schemaComplaint(schema)).toBe(null);
  expect(core.schemaComplaint({ ...schema, unit: "percent", sources: [] })).toBe("a share is in permille");
  expect(core.labelOf(5_000n, schema)).toBe("5000 of a thousand");

  // The node: what a source says becomes the kind's value, held within its bounds.
  const read = (text: string) =>
    core.findValue(schema, core.kindOf(schema).bounds(schema), [
      { source: "k", said: "number", number: core.parseDecimal(text) },
    ]);
  expect(read("42.5")).toMatchObject({ do: "sign", value: 425n });
  expect(read("2000")).toMatchObject({ do: "sign", value: 10_000n });
});

test("neither the form nor what runs asks which kind it is", () => {
  const asked = /kind\s*[!=]==?\s*"|case "(?:bool|categorical|numeric|score|log-usd)"/;
  const files = ["apps/web/src/features/create", "apps/web/src/pages", "packages/oracle/src/edge"].flatMap(
    (folder) =>
      readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
        .filter((name) => /\.tsx?$/.test(name) && !name.includes(".test."))
        .map((name) => path.posix.join(folder, name)),
  );
  expect(files.length).toBeGreaterThan(100);
  const found = files.flatMap((file) =>
    readFileSync(path.join(root, file), "utf8")
      .split("\n")
      .filter((line) => asked.test(line) && /bool|categorical|numeric|score|log-usd/.test(line))
      .map((line) => `${file}: ${line.trim()}`),
  );
  // How Yes and No are drawn, and what is chosen at first, is a matter of two outcomes and their colours.
  expect(found).toEqual([
    expect.stringContaining(
      'pages/market.tsx: const [outcome, setOutcome] = useState(market.question.schema.kind === "bool"',
    ),
  ]);
});
