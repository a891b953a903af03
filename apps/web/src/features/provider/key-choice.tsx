import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { Address, Hex } from "@sooth/kernel";
import { possessionTypedData } from "@sooth/oracle/core";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { useState } from "react";
import type { TypedData } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { Choice, TextField } from "../../components/field.tsx";
import { Hash } from "../../components/hash.tsx";
import { saveText } from "../../download.ts";
import { useNetwork } from "../../shell/use-network.ts";
import { readAddress } from "../wallet/read-address.ts";
import { keyFile, keyFileName, readKey } from "./keys.ts";

type Way = "new" | "paste" | "elsewhere" | "wallet";
/** A signing key and how it shows that it is there; `sign` is missing where there is nothing to show. */
export type ChosenKey = { signer: Hex; sign?: (asked: TypedData) => Promise<Hex> };
export type KeyChoice = { chosen: ChosenKey } | { problem: string };

type Draft = { way: Way; made: Hex; saved: boolean; pasted: string; address: string; signature: string };

const ways = (): readonly { value: Way; label: string; hint: string }[] => [
  { value: "new", label: t`Make a key here`, hint: t`In this page; you save it` },
  { value: "elsewhere", label: t`A key kept elsewhere`, hint: t`You bring its signature` },
  { value: "paste", label: t`Paste a key`, hint: t`It stays in this page` },
  { value: "wallet", label: t`This wallet`, hint: t`One key for both, less safe` },
];

export function useKeyChoice(owner: string) {
  const [draft, setDraft] = useState<Draft>(() => ({
    way: "new",
    made: generatePrivateKey(),
    saved: false,
    pasted: "",
    address: "",
    signature: "",
  }));
  return { owner, draft, change: (change: Partial<Draft>) => setDraft((old) => ({ ...old, ...change })) };
}

/** What the choice comes to, or what is missing. */
export function choiceOf(draft: Draft, owner: string): KeyChoice {
  switch (draft.way) {
    case "new":
      return draft.saved
        ? withKey(draft.made)
        : { problem: t`Save the new key first: nobody can give it back.` };
    case "paste": {
      const read = readKey(draft.pasted);
      return "key" in read ? withKey(read.key) : read;
    }
    case "elsewhere": {
      const read = readAddress(draft.address);
      if (!("address" in read)) return read;
      const signature = draft.signature.trim();
      if (!/^0x[0-9a-fA-F]{128}([0-9a-fA-F]{2})?$/.test(signature))
        return { problem: t`Paste the key's signature of the text above.` };
      return { chosen: { signer: read.address, sign: async () => signature as Hex } };
    }
    case "wallet":
      return { chosen: { signer: owner as Hex } };
  }
}

function withKey(key: Hex): KeyChoice {
  const account = privateKeyToAccount(key);
  const sign = ({ domain, types, primaryType, message }: TypedData) =>
    account.signTypedData({ domain, types, primaryType, message } as never);
  return { chosen: { signer: account.address, sign } };
}

/** Which key is to sign reports. It never moves money, so it may live on a server; the wallet never does. */
export function KeyFields({
  choice,
  problem,
}: {
  choice: ReturnType<typeof useKeyChoice>;
  problem?: string | undefined;
}) {
  const { draft, change, owner } = choice;
  return (
    <div className="grid gap-4">
      <Choice
        legend={t`Signing key`}
        options={ways()}
        value={draft.way}
        onChange={(way) => change({ way })}
        columns={2}
      />
      {draft.way === "new" && <NewKey draft={draft} change={change} problem={problem} />}
      {draft.way === "paste" && (
        <TextField
          label={t`Private key`}
          type="password"
          autoComplete="off"
          spellCheck={false}
          value={draft.pasted}
          onChange={(event) => change({ pasted: event.target.value })}
          error={problem}
          hint={t`Used to sign once, in this page. It is not stored and not sent.`}
        />
      )}
      {draft.way === "elsewhere" && (
        <Elsewhere draft={draft} change={change} owner={owner} problem={problem} />
      )}
      {draft.way === "wallet" && (
        <p className="text-sm text-ink-2">
          <Trans>
            Reports are signed day and night by a program. With this choice that program needs the key that
            holds your money.
          </Trans>
        </p>
      )}
    </div>
  );
}

type Part = { draft: Draft; change: (change: Partial<Draft>) => void; problem?: string | undefined };

function NewKey({ draft, change, problem }: Part) {
  const { address } = privateKeyToAccount(draft.made);
  return (
    <div className="rounded-md border border-rule p-3 text-sm">
      <p>
        <span className="text-ink-2">{t`New key`}</span>
        <Hash value={address} what={t`signing key`} />
      </p>
      <Button
        size="small"
        className="mt-2"
        onClick={() => {
          saveText(keyFileName(address), keyFile(draft.made, address), "text/plain");
          change({ saved: true });
        }}
      >
        {draft.saved ? t`Save again` : t`Save the key to a file`}
      </Button>
      <p className="mt-2 text-ink-2">
        {draft.saved
          ? t`Saved. Your node reads it from that file.`
          : t`It exists in this page alone until you save it.`}
      </p>
      {problem !== undefined && <p className="mt-1 font-medium text-bad">{problem}</p>}
    </div>
  );
}

function Elsewhere({ draft, change, owner, problem }: Part & { owner: string }) {
  const { hub, addresses } = useNetwork();
  const asked = possessionTypedData(
    { chainId: hub.chainId, stakeManager: addresses.stakeManager as Address },
    owner as Address,
  );
  const whole = {
    ...asked,
    types: {
      EIP712Domain: [
        { name: "name", type: "string" },
        { name: "version", type: "string" },
        { name: "chainId", type: "uint256" },
        { name: "verifyingContract", type: "address" },
      ],
      ...asked.types,
    },
  };
  return (
    <div className="grid gap-3">
      <TextField
        label={t`Address of the signing key`}
        autoComplete="off"
        spellCheck={false}
        placeholder="0x…"
        value={draft.address}
        onChange={(event) => change({ address: event.target.value })}
      />
      <details className="text-sm">
        <summary className="w-fit font-semibold text-accent">{t`What it has to sign (EIP-712)`}</summary>
        <pre className="mt-2 overflow-x-auto rounded-md bg-sunken p-3 font-mono text-xs" tabIndex={0}>
          {JSON.stringify(whole, null, 2)}
        </pre>
        <p className="mt-1 text-ink-3">
          <Trans>
            With Foundry:{" "}
            <code className="font-mono">cast wallet sign --data --from-file possession.json</code>
          </Trans>
        </p>
      </details>
      <TextField
        label={t`Its signature`}
        autoComplete="off"
        spellCheck={false}
        placeholder="0x…"
        value={draft.signature}
        onChange={(event) => change({ signature: event.target.value })}
        error={problem}
      />
    </div>
  );
}
