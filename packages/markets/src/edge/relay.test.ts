import { ChainError } from "@sooth/chain";
import { BaseError } from "viem";
import { expect, test } from "vitest";
import { takenByContract } from "./relay.ts";

const owner = `0x${"11".repeat(20)}` as const;
const ask = (call: (gas?: bigint) => Promise<unknown>) => takenByContract({ permit: null }, owner, call);

test("a node that cannot be asked is told as that, and not as a wallet that costs too much", async () => {
  const away = ChainError.rpc_unreachable({ chain: "the hub", tried: [] });
  const wrapped = new BaseError("the call failed", { cause: away });
  for (const fault of [away, wrapped]) {
    let asked = 0;
    const hiccup = ask(async () => {
      if (++asked === 1) throw fault;
    });
    await expect(hiccup).rejects.toBe(fault);
  }
});

test("a call that goes well only without the limit costs too much", async () => {
  const limited = ask(async (gas) => {
    if (gas !== undefined) throw new BaseError("out of gas");
  });
  await expect(limited).rejects.toMatchObject({ code: "markets.relay_too_costly" });
  await expect(ask(async () => undefined)).resolves.toBeUndefined();
});
