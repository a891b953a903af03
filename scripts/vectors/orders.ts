import { orderDigest, orderTypedData, priceOf, takeOrder, type Order } from "@sooth/bundles/core";
import { at } from "@sooth/kernel";
import { type Address, type Hex, numberToHex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { randomNumbers, times, write } from "./cases.ts";

// Parts of signed orders, as our own package puts them together: contracts/test/bundles/orders/OrderVectors.t.sol puts each to the contract.

const NOW = 1_750_000_000;
const address = (value: number): Address => numberToHex(value, { size: 20 });
const word = (value: number): Hex => numberToHex(value, { size: 32 });
const HUB = { chainId: 7, hub: address(0xb0b) };
const BOOK = { chainId: 31_337, orders: address(0x0dde) };
const MAKER = privateKeyToAccount(word(13));

export async function orders(): Promise<void> {
  const random = randomNumbers(77n);
  const upTo = (most: number) => Number(random(BigInt(most)));
  const cases = await Promise.all(
    times(8, async (index) => {
      const giveAmount = 1n + random(1n << 60n);
      const order: Order = {
        maker: MAKER.address,
        recipient: address(1 + upTo(1_000)),
        giveToken: address(0x70ce),
        giveAmount,
        wantChainId: BigInt(1 + upTo(100_000)),
        wantToken: address(1 + upTo(1_000)),
        wantAmount: 1n + random(1n << 60n),
        leastPart: 0n,
        taker: address(index % 2 === 0 ? 0 : 0xa11ce),
        expiry: NOW + upTo(1_000_000),
        longestHold: 3_600 + upTo(3_600),
        era: 0n,
        salt: random(1n << 32n),
      };
      const signature = await MAKER.signTypedData(orderTypedData(BOOK, order));
      const taking = {
        hub: HUB,
        book: BOOK,
        order,
        signature,
        amount: 1n + random(giveAmount),
        to: address(1 + upTo(1_000)),
        owner: address(0xa11ce),
        payer: address(1 + upTo(1_000)),
        deadline: NOW + 3_600,
        fee: random(1n << 40n),
        salt: random(1n << 32n),
        secret: word(1 + index),
      };
      const { id, bundle, legs } = takeOrder(taking, NOW);
      return {
        digest: orderDigest(BOOK, order),
        id,
        owner: bundle.owner,
        deadline: bundle.deadline,
        amount: String(taking.amount),
        price: String(priceOf(order, taking.amount)),
        part: at(legs, 0).data,
      };
    }),
  );
  write("orders.json", {
    now: NOW,
    hub: HUB,
    book: BOOK,
    maker: MAKER.address,
    token: address(0x70ce),
    cases,
  });
}
