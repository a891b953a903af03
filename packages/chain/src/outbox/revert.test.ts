import { encodeErrorResult, RpcRequestError, UnknownRpcError } from "viem";
import { expect, test } from "vitest";
import { emitterAbi } from "../../test/emitter.ts";
import { revertOf } from "./revert.ts";

const answered = (code: number, message: string, data?: unknown) =>
  new UnknownRpcError(new RpcRequestError({ body: {}, url: "http://node", error: { code, message, data } }));
const data = encodeErrorResult({ abi: emitterAbi, errorName: "Emitter_Refused", args: [7n] });
const sentence = encodeErrorResult({
  abi: [{ type: "error", name: "Error", inputs: [{ type: "string" }] }],
  args: ["not today"],
});

test("names the error of a known contract", () => {
  expect(revertOf(answered(3, "execution reverted", data), emitterAbi)).toMatchObject({
    name: "Emitter_Refused",
    data,
    text: "Emitter_Refused(7)",
  });
});
test("keeps the data of an unknown one, under its selector", () => {
  expect(revertOf(answered(3, "execution reverted", data))).toMatchObject({ name: data.slice(0, 10), data });
});
test("finds data that a node wraps once more", () => {
  expect(revertOf(answered(-32000, "execution reverted", { data }), emitterAbi)?.name).toBe(
    "Emitter_Refused",
  );
});
test("a reason in words is the text", () => {
  expect(revertOf(answered(3, "execution reverted: not today", sentence))).toMatchObject({
    name: "Error",
    text: "not today",
  });
});
test("a revert without data has no reason", () => {
  expect(revertOf(answered(3, "execution reverted"))).toMatchObject({ name: "no_reason", data: null });
});
test.each(["insufficient funds for transfer", "nonce too low", "header not found"])(
  "%s is no revert",
  (message) => {
    expect(revertOf(answered(-32000, message))).toBeNull();
  },
);
