import { replaceCall } from "@sooth/markets";
import {
  COMMITTEE,
  committeeOrder,
  type MemberSignature,
  readReplacement,
  type Replacement,
  replacementDigest,
  replacementText,
  replacementTypedData,
  withSignature,
} from "@sooth/markets/core";
import { type Address, type Hex, sameAddress } from "@sooth/kernel";
import { laptopAccounts } from "@sooth/server";
import { writeFile } from "node:fs/promises";
import { createWalletClient, custom, type LocalAccount } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { z } from "zod";
import { type HubTarget, openHubAlone } from "../checks/target.ts";
import { command } from "../cli/command.ts";
import {
  missingOf,
  refusalOf,
  requireCounts,
  requireCurrent,
  type Seats,
  seatsOf,
} from "../committee/seats.ts";
import { type KeyFiles, unlock } from "../emergency/guardian.ts";
import { time } from "../emergency/situation.ts";
import { OpsError } from "../ops-error.ts";
import { readText } from "../verify/log-source.ts";

const DAY = 86_400;
const RECEIPT_MS = 180_000;
const shared = {
  json: z.boolean().default(false).describe("one JSON value, nothing else"),
  dataDir: z
    .string()
    .default(".sooth")
    .describe("data folder of the network on this machine, unless the environment names another"),
};
const keyFiles = {
  keystore: z.string().optional().describe("keystore file (version 3) of the key"),
  passwordFile: z.string().optional().describe("file with the keystore's password"),
};
const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, "wants an address")
  .transform((text) => text.toLowerCase() as Address);

export const committeeShow = command({
  name: "committee show",
  about: "shows who has to approve what opinion markets come to, and how often all were replaced",
  args: z.object(shared),
  run: ({ json, dataDir }, terminal) =>
    withHub(dataDir, async (target) => {
      const seats = await seatsOf(target);
      const kinds = await Promise.all(
        seats.members.map(async (member) => ({ member, isContract: await isContract(target, member) })),
      );
      if (json) return terminal.result({ ...seats, needed: COMMITTEE.needed });
      terminal.line(
        `${seats.address}: ${COMMITTEE.needed} of ${COMMITTEE.seats} sign, replaced ${seats.replacements} times`,
      );
      for (const { member, isContract } of kinds)
        terminal.line(`  ${member}  ${isContract ? "a contract" : "a key"}`);
      return undefined;
    }),
});

export const committeePropose = command({
  name: "committee propose",
  about: "writes a file that seats five others once three members have signed it; sends nothing",
  args: z.object({
    members: z
      .string()
      .transform((text) => text.split(",").map((one) => one.trim()))
      .pipe(z.array(address))
      .describe("the five who shall sit, separated by commas"),
    out: z.string().describe("where to write it; it goes from member to member"),
    days: z.coerce
      .number("wants a number of days")
      .positive("wants more than nothing")
      .max(365, "allows a year at most")
      .default(14)
      .describe("for how long signatures count"),
    ...shared,
  }),
  positional: ["members"],
  run: ({ members, out, days, json, dataDir }, terminal) =>
    withHub(dataDir, async (target) => {
      const seats = await seatsOf(target);
      const ordered = committeeOrder(members);
      if (ordered === null) throw OpsError.bad_members({ seats: COMMITTEE.seats });
      const replacement: Replacement = {
        chainId: target.hub.definition.id,
        committee: seats.address,
        sitting: seats.members,
        members: ordered,
        number: seats.replacements + 1,
        expiresAt: (await target.hub.now()) + Math.round(days * DAY),
        signatures: [],
      };
      await writeFile(out, replacementText(replacement));
      if (json) return terminal.result({ file: out, digest: replacementDigest(replacement), ...replacement });
      terminal.line(`${out}: five others, until ${time(replacement.expiresAt)}`);
      terminal.line(`members sign ${replacementDigest(replacement)} (EIP-712 Replacement)`);
      return undefined;
    }),
});

export const committeeSign = command({
  name: "committee sign",
  about:
    "adds a member's signature to the file, once the committee itself says, asked on the chain, that it counts",
  args: z.object({
    file: z.string().describe("as committee propose wrote it"),
    member: address.optional().describe("who signs; with a keystore its own address"),
    signature: z
      .string()
      .regex(/^0x([0-9a-fA-F]{2}){1,4096}$/, "wants bytes in hex")
      .optional()
      .describe(
        "made elsewhere, by a hardware wallet or the owners of a Safe; else the keystore's key signs",
      ),
    ...keyFiles,
    ...shared,
  }),
  positional: ["file"],
  run: ({ file, member, signature, json, dataDir, ...files }, terminal) =>
    withHub(dataDir, async (target) => {
      const { replacement } = await current(target, file);
      const signed = await signatureBy(target, replacement, { member, signature, ...files });
      await requireCounts(target.hub, replacement, signed);
      const next = withSignature(replacement, signed);
      await writeFile(file, replacementText(next));
      const missing = missingOf(next);
      if (json) return terminal.result({ member: signed.member, missing });
      terminal.line(
        `${signed.member} signed; ${missing === 0 ? "anybody may apply it" : `${missing} missing`}`,
      );
      return undefined;
    }),
});

export const committeeApply = command({
  name: "committee apply",
  about: "seats the five of a file that three members signed; anybody may send it",
  args: z.object({
    file: z.string().describe("as the members signed it"),
    yes: z.boolean().default(false).describe("send it; without this it is only rehearsed"),
    ...keyFiles,
    ...shared,
  }),
  positional: ["file"],
  run: ({ file, yes, json, dataDir, ...files }, terminal) =>
    withHub(dataDir, async (target) => {
      const { replacement } = await current(target, file);
      const { signatures, committee } = replacement;
      const refusal = await refusalOf(target.hub, replacement, signatures);
      if (refusal?.name === "Committee_TooFew")
        throw OpsError.too_few_signed({ signed: signatures.length, needed: COMMITTEE.needed });
      if (refusal !== null)
        throw OpsError.refused({ action: "replace the committee", error: refusal.text, sent: [] });
      const data = replaceCall(replacement);
      const transaction = yes ? await sendFrom(target, await payerOf(target, files), committee, data) : null;
      if (json) return terminal.result({ to: committee, data, transaction });
      if (transaction === null)
        return terminal.line(
          `it would go through now; --yes sends it, or anybody calls ${committee} with\n  ${data}`,
        );
      terminal.line(`five others sit, by transaction ${transaction}`);
      return undefined;
    }),
});

/* INSIDE */

async function withHub(dataDir: string, run: (target: HubTarget) => Promise<void>): Promise<number> {
  const target = openHubAlone(dataDir);
  try {
    const found = await target.hub.client.getChainId();
    const wanted = target.hub.definition.id;
    if (found !== wanted) throw OpsError.wrong_chain({ wanted, found });
    await run(target);
    return 0;
  } finally {
    await target.close();
  }
}

const isContract = async ({ hub }: HubTarget, address: Address): Promise<boolean> =>
  ((await hub.client.getCode({ address })) ?? "0x") !== "0x";

/** @throws ops.unreadable, ops.no_committee, ops.stale_proposal */
async function current(target: HubTarget, file: string): Promise<{ replacement: Replacement; seats: Seats }> {
  const read = readReplacement(await readText(file));
  if ("complaint" in read) throw OpsError.unreadable({ file, why: read.complaint });
  const [seats, now] = await Promise.all([seatsOf(target), target.hub.now()]);
  requireCurrent(target.hub, seats, read.replacement, now);
  return { replacement: read.replacement, seats };
}

type Signing = KeyFiles & { member: Address | undefined; signature: string | undefined };

/** @throws ops.no_key, ops.bad_signature */
async function signatureBy(
  target: HubTarget,
  replacement: Replacement,
  { member, signature, ...files }: Signing,
): Promise<MemberSignature> {
  if (signature !== undefined) {
    if (member === undefined) throw OpsError.no_key({ key: "--member", why: "a signature is somebody's" });
    return { member, signature: signature.toLowerCase() as Hex };
  }
  const account = await memberKey(target, member, files);
  const signer = account.address.toLowerCase() as Address;
  if (member !== undefined && signer !== member)
    throw OpsError.bad_signature({ member, why: `the key is that of ${signer}` });
  return {
    member: signer,
    signature: await account.signTypedData(replacementTypedData(replacement, replacement)),
  };
}

/** On a laptop the test wallets sign too, whose keys everybody knows. @throws ops.no_key */
async function memberKey(
  { isLaptop }: HubTarget,
  member: Address | undefined,
  { keystore, passwordFile }: KeyFiles,
): Promise<LocalAccount> {
  if (keystore !== undefined) return privateKeyToAccount(await unlock(keystore, passwordFile));
  const known = laptopAccounts().users.find(({ account }) => member && sameAddress(account.address, member));
  if (isLaptop && known) return known.account;
  throw OpsError.no_key({ key: "--keystore", why: "somebody has to sign, or bring a --signature" });
}

/** @throws ops.no_key */
async function payerOf({ isLaptop }: HubTarget, { keystore, passwordFile }: KeyFiles): Promise<LocalAccount> {
  if (keystore !== undefined) return privateKeyToAccount(await unlock(keystore, passwordFile));
  if (isLaptop) return laptopAccounts().deployer;
  throw OpsError.no_key({ key: "--keystore", why: "somebody has to pay for the transaction" });
}

/** @throws ops.reverted */
async function sendFrom({ hub }: HubTarget, account: LocalAccount, to: Address, data: Hex): Promise<Hex> {
  const wallet = createWalletClient({
    account,
    chain: hub.definition.viem,
    transport: custom({ request: hub.client.request }),
  });
  const transaction = await wallet.sendTransaction({ to, data });
  const { status } = await hub.client.waitForTransactionReceipt({ hash: transaction, timeout: RECEIPT_MS });
  if (status !== "success") throw OpsError.reverted({ purpose: "replace the committee", transaction });
  return transaction;
}
