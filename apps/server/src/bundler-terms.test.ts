import { AppError } from "@sooth/kernel";
import { expect, test } from "vitest";
import { bundlerTerms } from "./bundler-terms.ts";

const [LOCAL, SEPOLIA] = [31_337, 11_155_111];
const codeOf = (run: () => unknown): string => {
  try {
    run();
    return "none";
  } catch (error) {
    return error instanceof AppError ? error.code : String(error);
  }
};

test("on chains of this machine nothing need be said, and a little is given away", () => {
  expect(bundlerTerms({}, [LOCAL, LOCAL + 1])).toEqual({ leastFee: 0n, gift: 10n ** 18n });
});

test("where one chain is another's, what a leg must pay is to be said, and nothing is given unless said", () => {
  expect(codeOf(() => bundlerTerms({}, [LOCAL, SEPOLIA]))).toBe("server.missing_setting");
  expect(codeOf(() => bundlerTerms({ BUNDLER_GIFT: 5n }, [SEPOLIA]))).toBe("server.missing_setting");
  expect(bundlerTerms({ BUNDLER_LEAST_FEE: 0n }, [SEPOLIA])).toEqual({ leastFee: 0n, gift: 0n });
  expect(bundlerTerms({ BUNDLER_LEAST_FEE: 7n, BUNDLER_GIFT: 5n }, [SEPOLIA])).toEqual({
    leastFee: 7n,
    gift: 5n,
  });
});

const refillsOf = (more: Parameters<typeof bundlerTerms>[0]) => bundlerTerms(more, [LOCAL]).refills;

test("keys are filled up where that is said, ten times a day at most where nothing else is", () => {
  expect(refillsOf({})).toBeUndefined();
  expect(refillsOf({ BUNDLER_REFILL_BELOW: 0n })).toBeUndefined();
  expect(refillsOf({ BUNDLER_REFILL_BELOW: 7n })).toEqual({ below: 7n, perDay: 70n });
  expect(refillsOf({ BUNDLER_REFILL_BELOW: 7n, BUNDLER_REFILL_PER_DAY: 8n })).toEqual({
    below: 7n,
    perDay: 8n,
  });
});
