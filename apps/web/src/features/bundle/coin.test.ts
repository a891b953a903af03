import { expect, test } from "vitest";
import { shortCoin } from "./coin.tsx";

test.each([
  [982_738_708_525_037n, "0.0009827"],
  [0n, "0.00"],
  [1n, "0.000000000000000001"],
  [2_000_000_000_000_000n, "0.002"],
  [500_000_000_000_000_000n, "0.50"],
  [1_234_567_890_000_000_000_000n, "1,234.5678"],
])("%i wei are %s", (wei, text) => {
  expect(shortCoin(wei)).toBe(text);
});
