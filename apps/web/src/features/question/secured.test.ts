import { expect, test } from "vitest";
import type { QuestionDetail } from "../../api.ts";
import { securedOf } from "./secured.ts";

const question = (secures: string, answeredIn: string | null) =>
  ({
    terms: { secures },
    answeredIn,
    totalWeight: "400",
    reports: [
      { counted: true, weight: "100" },
      { counted: true, weight: "200" },
      { counted: false, weight: "100" },
    ],
  }) as unknown as QuestionDetail;

test("before an answer all weight stands behind it, afterwards only what signed", () => {
  expect(securedOf(question("50", null))).toMatchObject({ behind: 400n, most: 133n, used: 3_760 });
  expect(securedOf(question("50", "0x"))).toMatchObject({ behind: 300n, most: 100n, used: 5_000 });
});

test("nothing secured uses nothing; more than a third is more than the whole", () => {
  expect(securedOf(question("0", "0x")).used).toBe(0);
  expect(securedOf(question("101", "0x")).used).toBeGreaterThan(10_000);
  expect(securedOf({ ...question("1", null), totalWeight: null }).used).toBeGreaterThan(10_000);
});
