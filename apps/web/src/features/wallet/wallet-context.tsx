import { createContext, useContext } from "react";
import type { Call, TypedData } from "../../api.ts";
import type { Handed } from "./batches.ts";
import type { BeaconFacts } from "./read-beacon.ts";
import type { PermitFacts } from "./read-permit.ts";
import type { BeaconRound } from "./read-round.ts";

export type WalletChoice = { id: string; name: string; icon: string | undefined };
export type TestWallet = { name: string; address: string };
export type Account = {
  address: string;
  name: string | undefined;
  test: boolean;
  /** Chains on which the wallet sends several calls as one transaction (EIP-5792); known a moment after it is connected. */
  atomicOn: readonly number[];
  /** Chains on which it lets this deployment's paymaster pay the gas (ERC-7677). */
  sponsoredOn: readonly number[];
};
/** Where one transaction stands. */
export type SendState = "checking" | "signing" | "mining" | "done";

export type TokenFacts = { symbol: string; decimals: number; balance: bigint | undefined };
export type DrawFacts = { snapshot: readonly { signer: `0x${string}`; weight: bigint }[]; seed: string };

/** What the pages know of wallets. The libraries behind it come in a chunk of their own, with the first use of one. */
export type Wallet = {
  /** Whether `account` is what it will be: false only while a wallet of an earlier visit is connected again. */
  ready: boolean;
  /** Whether wallets that announce themselves have not been listened for yet. */
  looking: boolean;
  account: Account | undefined;
  /** Announced by EIP-6963, or found in the page. */
  choices: readonly WalletChoice[];
  /** Built into local networks, with test money; empty elsewhere. */
  testWallets: readonly TestWallet[];
  connect(choiceId: string): Promise<void>;
  takeTestWallet(address: string): Promise<void>;
  disconnect(): Promise<void>;
  sign(data: TypedData): Promise<string>;
  /** A text that the wallet shows as it is (EIP-191). */
  signText(text: string): Promise<string>;
  /** Switches to the call's chain, simulates, has the wallet sign and send, waits for the block. Returns the transaction's hash. */
  send(call: Call, onState?: (state: SendState) => void): Promise<string>;
  /**
   * The same for several calls of one chain: as one transaction that does all of them or none, where the wallet can, otherwise
   * one after the other. `handed` remembers how far that is, for who tries again.
   */
  sendAll(calls: readonly Call[], onState?: (state: SendState) => void, handed?: Handed): Promise<void>;
  balanceOf(address: string): Promise<bigint>;
  /** Where juries sit, as the contracts themselves name it. */
  readCourt(): Promise<`0x${string}`>;
  /** The jurors of a snapshot and the seed of a round of the beacon, from the chain itself. */
  readDraw(jurorEpoch: number, beaconRound: bigint): Promise<DrawFacts>;
  /** A round of the beacon as the chain holds it: the key, the seed, and the signature that proved it, where it can be found. */
  readRound(round: bigint): Promise<BeaconRound>;
  /** Whom a hidden stance is locked to, from the chain itself: who named another key could read it at once. */
  readBeacon(): Promise<BeaconFacts>;
  /** What a token is called and counted in, and what of it the connected wallet holds, on the chain itself. */
  tokenOn(chainId: number, token: string): Promise<TokenFacts>;
  /** How much of a token `spender` may take from the connected wallet. */
  allowanceOn(chainId: number, token: string, spender: string): Promise<bigint>;
  /** How the connected wallet can let somebody take a token by a signature alone; undefined where it cannot. */
  permitOn(chainId: number, token: string): Promise<PermitFacts | undefined>;
  /** What the hub of bundles holds for the connected wallet, in wei: fees of bundles that others open are taken from it. */
  bundleCredit(): Promise<bigint>;
  /** Test dollars from the faucet of a local network; on the hub where no chain is named. */
  fund(chainId?: number): Promise<void>;
  /** Opens the dialog to choose a wallet. */
  ask(): void;
};

export const WalletContext = createContext<Wallet | undefined>(undefined);

export function useWallet(): Wallet {
  const wallet = useContext(WalletContext);
  if (!wallet) throw new Error("useWallet outside of WalletHost");
  return wallet;
}
