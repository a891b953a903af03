import { bundleHubAbi } from "@sooth/abi";
import {
  type Bundle,
  bundleId,
  type Leg,
  legHash,
  legsHashOf,
  type OpeningItem,
  openManyArgs,
  STANDALONE,
} from "@sooth/bundles/core";
import { type Chain, walletOf } from "@sooth/chain";
import { at, type Hex, need } from "@sooth/kernel";
import type { Stack } from "@sooth/server";
import { encodeFunctionData, type LocalAccount, numberToHex } from "viem";

/** Transactions that are signed already: what opens is not what is measured. */
export type Openings = { bundles: number; size: number; raws: readonly Hex[] };

const LEG_GAS = 40_000;
/** Nodes keep none above 128 KiB in their pools. */
const MOST_IN_ONE = 40;
const GAS_EACH = 200_000n;
/** Wei: what gas costs on a local chain, several times over, so that paying out the shares is part of what is measured. */
const FEE = 5n * 10n ** 15n;
const CREDIT = 1_000n * 10n ** 18n;
const WINDOW_SECONDS = 3_600;

/** Pays for bundles and signs what opens them. Their legs wait for nothing, one on each of some chains. */
export class Opener {
  readonly #stack: Stack;
  readonly #account: LocalAccount;
  #nonce: number;
  #salt = 0;

  private constructor(stack: Stack, account: LocalAccount, nonce: number) {
    this.#stack = stack;
    this.#account = account;
    this.#nonce = nonce;
  }

  static async of(stack: Stack): Promise<Opener> {
    const { account } = at(need(stack.accounts, "a laptop").users, 0);
    const { hub, addresses } = stack;
    const hash = await walletOf(hub, account).writeContract({
      address: addresses.bundleHub,
      abi: bundleHubAbi,
      functionName: "deposit",
      args: [account.address],
      value: CREDIT,
    });
    await hub.client.waitForTransactionReceipt({ hash, pollingInterval: 100 });
    const nonce = await stack.hub.client.getTransactionCount({ address: account.address });
    return new Opener(stack, account, nonce);
  }

  /** @param size of one transaction at most */
  async sign(count: number, rollups: readonly Chain[], size: number): Promise<Openings> {
    const { hub, addresses } = this.#stack;
    const deadline = Number(await hub.now()) + WINDOW_SECONDS;
    const each = Math.max(1, Math.min(MOST_IN_ONE, size, count));
    const raws: Hex[] = [];
    for (let from = 0; from < count; from += each) {
      const openings: OpeningItem[] = [];
      for (let i = from; i < Math.min(count, from + each); i++)
        openings.push(await this.#one(rollups, deadline));
      const data = encodeFunctionData({
        abi: bundleHubAbi,
        functionName: "openMany",
        args: [openManyArgs(openings)],
      });
      raws.push(
        await this.#account.signTransaction({
          type: "eip1559",
          chainId: hub.definition.id,
          to: addresses.bundleHub,
          data,
          nonce: this.#nonce++,
          gas: GAS_EACH * BigInt(openings.length),
          maxFeePerGas: 100_000_000_000n,
          maxPriorityFeePerGas: 1_000_000_000n,
        }),
      );
    }
    return { bundles: count, size: each, raws };
  }

  async #one(rollups: readonly Chain[], deadline: number): Promise<OpeningItem> {
    const { hub, addresses } = this.#stack;
    const salt = this.#salt++;
    const legs = rollups.map((chain) => legOn(chain, salt));
    const bundle: Bundle = {
      owner: this.#account.address.toLowerCase() as Hex,
      mode: "ordered",
      legs: legs.length,
      deadline,
      legsHash: legsHashOf(legs.map(legHash)),
      fee: FEE,
      salt: BigInt(salt),
    };
    // The id is what an owner signs.
    const hash = bundleId({ chainId: hub.definition.id, hub: addresses.bundleHub }, bundle);
    const signature = await need(this.#account.sign, "a key of this process")({ hash });
    return { bundle, legs, signature };
  }
}

/** A call without coins to an address of its own: what a leg costs at the least. */
const legOn = ({ definition }: Chain, index: number): Leg => ({
  chainId: definition.id,
  kind: "value",
  target: numberToHex((1n << 96n) + BigInt(index), { size: 20 }),
  value: 0n,
  gasLimit: LEG_GAS,
  data: "0x",
  ...STANDALONE,
  salt: numberToHex(index, { size: 32 }),
});
