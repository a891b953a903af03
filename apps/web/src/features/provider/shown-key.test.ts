import { expect, test } from "vitest";
import type { PreparedProvider } from "../../api.ts";
import { preparedWith } from "./shown-key.ts";

const answer = (calls: number, possession: object | null) =>
  ({ calls: Array.from({ length: calls }), possession }) as unknown as PreparedProvider;

test("a key that has to show itself signs what the server asks for", async () => {
  const seen: object[] = [];
  const ask = async (key: { signer: string; possession?: string }) => {
    seen.push(key);
    return key.possession === undefined ? answer(0, { primaryType: "Possession" }) : answer(2, null);
  };
  const chosen = { signer: "0xaa" as const, sign: async () => "0x51" as const };
  expect((await preparedWith(chosen, ask)).calls).toHaveLength(2);
  expect(seen).toEqual([{ signer: "0xaa" }, { signer: "0xaa", possession: "0x51" }]);
});

const refuse = () => Promise.reject(new Error("must not sign"));

test("a key that has nothing to show is asked nothing", async () => {
  expect(
    (await preparedWith({ signer: "0xaa", sign: refuse }, async () => answer(1, null))).calls,
  ).toHaveLength(1);
  expect((await preparedWith({ signer: "0xaa" }, async () => answer(0, {}))).calls).toHaveLength(0);
});
