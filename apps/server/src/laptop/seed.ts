import { testDollarAbi } from "@sooth/abi";
import {
  type Addresses,
  beginAttesting,
  type Chain,
  deploy,
  type DeployParams,
  deployTestAccount,
  walletOf,
} from "@sooth/chain";
import { devAccount } from "@sooth/chain/local-node";
import { advanceEpoch, ensureJoined, ensureJuror } from "@sooth/oracle";
import { USUAL_DOMAIN } from "@sooth/oracle/core";
import type { Address, Hex, LocalAccount } from "viem";
import type { LaptopAccounts } from "./accounts.ts";
import { fillResolvePurse } from "./resolve-purse.ts";

const PROVIDER_STAKE = 5_000_000_000n;
/** No domain: who stakes for juries alone takes no seat. */
const NO_DOMAIN = 0;
const JUROR_STAKE = 2_000_000_000n;
const JUROR_GAS = 10n ** 18n;
const GAS_MONEY = 10n ** 19n;

export type Deployed = { addresses: Addresses; startBlock: number };

/**
 * Brings local chains to the state that a newcomer needs: contracts, four staked providers, test dollars for everybody.
 * Looks first and does only what is missing, so that a start after a crash goes on where the last one was.
 */
export async function seedLaptop(o: {
  hub: Chain;
  rollups: readonly Chain[];
  accounts: LaptopAccounts;
  params: DeployParams;
  /** What the relayer may stake for one question that nobody answers; test dollars. */
  resolveDeposit: bigint;
  onStep: (text: string) => void;
}): Promise<Deployed> {
  const account = o.accounts.deployer;
  const [hub] = await Promise.all([
    deploy({
      chain: o.hub,
      account,
      // The wiring is built for the first account of a local node, whatever key deploys: its address must not change.
      sealer: devAccount(0),
      params: o.params,
      role: "hub",
      onStep: o.onStep,
    }),
    ...o.rollups.map((chain) =>
      deploy({ chain, account, params: o.params, role: "rollup", onStep: o.onStep }),
    ),
  ]);
  await Promise.all([o.hub, ...o.rollups].map((chain) => deployTestAccount(chain, account)));
  const people = [
    o.accounts.house.address,
    ...o.accounts.users.map((user) => user.account.address),
    ...o.accounts.providers.map((provider) => provider.owner.address),
    ...o.accounts.jurors.map((juror) => juror.address),
  ];
  if (o.params.collateral === undefined) await fillPurses(o.hub, account, hub.addresses.collateral, people);
  const relayer = o.accounts.relayer.address;
  await fillTank(o.hub, account, relayer);
  if (o.params.collateral === undefined)
    await fillResolvePurse({ hub: o.hub, account }, hub.addresses, relayer, o.resolveDeposit);
  await joinProviders(o, hub.addresses);
  await letAttest(o, hub.addresses);
  await joinJurors(o, hub.addresses);
  return hub;
}

async function fillPurses(
  hub: Chain,
  account: LocalAccount,
  collateral: Address,
  people: readonly Address[],
): Promise<void> {
  const wallet = walletOf(hub, account);
  const token = { address: collateral, abi: testDollarAbi } as const;
  const balances = await Promise.all(
    people.map((owner) => hub.client.readContract({ ...token, functionName: "balanceOf", args: [owner] })),
  );
  const staked = await Promise.all(people.map((owner) => hub.client.getTransactionCount({ address: owner })));
  const poor = people.filter((_, index) => balances[index] === 0n && staked[index] === 0);
  let nonce = await hub.client.getTransactionCount({ address: account.address });
  const sent: Hex[] = [];
  for (const owner of poor)
    sent.push(
      await wallet.writeContract({ ...token, functionName: "faucet", args: [owner], nonce: nonce++ }),
    );
  await Promise.all(sent.map((hash) => hub.client.waitForTransactionReceipt({ hash, pollingInterval: 100 })));
}

/** Gas for a relayer whose key the environment names; the test keys have theirs from the node. */
async function fillTank(hub: Chain, account: LocalAccount, relayer: Address): Promise<void> {
  if ((await hub.client.getBalance({ address: relayer })) >= GAS_MONEY / 10n) return;
  const wallet = walletOf(hub, account);
  const hash = await wallet.sendTransaction({ to: relayer, value: GAS_MONEY });
  await hub.client.waitForTransactionReceipt({ hash, pollingInterval: 100 });
}

/** Their keys are none that the node funds, so the deployer gives them gas first. */
async function joinJurors(
  o: { hub: Chain; accounts: LaptopAccounts; onStep: (text: string) => void },
  addresses: Addresses,
): Promise<void> {
  const { deployer, jurors } = o.accounts;
  const account = deployer;
  const wallet = walletOf(o.hub, account);
  let nonce = await o.hub.client.getTransactionCount({ address: account.address });
  const sent: Hex[] = [];
  for (const { address } of jurors)
    if ((await o.hub.client.getBalance({ address })) < JUROR_GAS / 10n)
      sent.push(await wallet.sendTransaction({ to: address, value: JUROR_GAS, nonce: nonce++ }));
  await Promise.all(
    sent.map((hash) => o.hub.client.waitForTransactionReceipt({ hash, pollingInterval: 100 })),
  );
  const joined = await Promise.all(
    jurors.map(async (owner) => {
      const owned = { chain: o.hub, addresses, owner };
      await ensureJoined({ ...owned, signer: owner, stake: JUROR_STAKE, kinds: NO_DOMAIN });
      return ensureJuror(owned);
    }),
  );
  if (joined.some((is) => is)) o.onStep("twelve jurors have staked");
}

async function joinProviders(
  o: { hub: Chain; accounts: LaptopAccounts; params: DeployParams; onStep: (text: string) => void },
  addresses: Addresses,
): Promise<void> {
  const kinds = (1 << USUAL_DOMAIN) | (1 << o.params.bundles.domain);
  const seated = await Promise.all(
    o.accounts.providers.map(({ owner, signer }) =>
      ensureJoined({ chain: o.hub, addresses, owner, signer, stake: PROVIDER_STAKE, kinds }),
    ),
  );
  if (seated.some((joined) => joined)) o.onStep("four providers have staked");
}

/** The providers' first set attests on every chain. */
async function letAttest(
  o: {
    hub: Chain;
    rollups: readonly Chain[];
    accounts: LaptopAccounts;
    params: DeployParams;
    onStep: (text: string) => void;
  },
  addresses: Addresses,
): Promise<void> {
  const { hub, rollups, params } = o;
  const account = o.accounts.deployer;
  await advanceEpoch({ chain: hub, addresses, owner: account, domain: params.bundles.domain });
  const began = await beginAttesting({ hub, rollups, account, params });
  if (began.length > 0) o.onStep("the providers attest bundles");
}
