import { sameAddress } from "@sooth/kernel";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, type Approval } from "../../api.ts";
import { announce } from "../../components/announcer.tsx";
import { Button } from "../../components/button.tsx";
import { LongTextField, SelectField } from "../../components/field.tsx";
import { Hash } from "../../components/hash.tsx";
import { characters } from "../../format/room.ts";
import { shortHex } from "../../format/hex.ts";
import { callSteps } from "../steps/call-steps.ts";
import { StepList } from "../steps/step-list.tsx";
import { type Step, useSteps } from "../steps/use-steps.ts";
import { useWalletNames } from "../wallet/use-wallet-names.ts";
import { useWallet } from "../wallet/wallet-context.tsx";

/** What a member does: signs with the wallet, or hands over what a Safe or another device signed. Once enough did, anybody sends it. */
export function SignApproval({ approval }: { approval: Approval }) {
  const wallet = useWallet();
  const client = useQueryClient();
  const steps = useSteps();
  const account = wallet.account?.address;
  const { call, typedData } = approval;
  const members = approval.committee?.members ?? [];
  const own = members.find((member) => account !== undefined && sameAddress(member, account));
  const hasSigned = (member: string) => approval.signed.some((one) => sameAddress(one.member, member));
  const run = async (todo: readonly Step[], done: string) => {
    if (await steps.run(todo)) {
      announce(done);
      steps.reset();
    }
    await client.invalidateQueries({ queryKey: ["approvals"] });
  };
  const sign = () => {
    if (own === undefined || !typedData) return;
    let signature = "";
    const signing: Step = {
      title: `Sign the score ${approval.result?.score ?? ""}`,
      run: async (onState) => {
        onState("signing");
        signature = await wallet.sign(typedData);
      },
    };
    void run([signing, handOver(approval, own, () => signature)], "Signed");
  };
  return (
    <div className="grid gap-3">
      {call ? (
        <>
          <p className="text-[0.9375rem] text-ink-2">
            Enough members signed. The platform’s keeper sends it, where one runs; anybody may.
          </p>
          <Button
            look="primary"
            busy={steps.running}
            onClick={() =>
              account === undefined ? wallet.ask() : void run(callSteps(wallet, [call]), "Scored")
            }
          >
            Write the score down
          </Button>
        </>
      ) : account === undefined ? (
        <Button look="primary" onClick={() => wallet.ask()}>
          Connect a wallet to sign
        </Button>
      ) : own === undefined ? (
        <p className="text-[0.9375rem] text-ink-2" role="status">
          The connected account does not sit in the committee.
        </p>
      ) : hasSigned(own) ? (
        <p className="text-[0.9375rem] text-accent" role="status">
          You signed this result.
        </p>
      ) : (
        <Button look="primary" busy={steps.running} onClick={sign}>
          Sign the score {approval.result?.score}
        </Button>
      )}
      <StepList steps={steps} />
      {!call && (
        <Elsewhere
          approval={approval}
          missing={members.filter((member) => !hasSigned(member))}
          busy={steps.running}
          onHand={(member, signature) =>
            void run([handOver(approval, member, () => signature)], "Handed over")
          }
        />
      )}
    </div>
  );
}

const handOver = (
  { market, digest, expiresAt }: Approval,
  member: string,
  signature: () => string,
): Step => ({
  title: "Hand the signature over",
  run: async (onState) => {
    onState("working");
    await api.approveResult({
      id: market,
      member,
      digest: digest ?? "",
      expiresAt: expiresAt ?? 0,
      signature: signature(),
    });
  },
});

/** A Safe signs in its own app, and a cold key where no browser is: what comes of it is pasted here. */
function Elsewhere({
  approval,
  missing,
  busy,
  onHand,
}: {
  approval: Approval;
  missing: readonly string[];
  busy: boolean;
  onHand: (member: string, signature: string) => void;
}) {
  const names = useWalletNames();
  const [chosen, setChosen] = useState("");
  const [signature, setSignature] = useState("");
  const member = missing.includes(chosen) ? chosen : (missing[0] ?? "");
  const text = signature.trim();
  const isHex = /^0x([0-9a-fA-F]{2})+$/.test(text);
  if (missing.length === 0) return null;
  return (
    <details className="text-[0.9375rem]">
      <summary className="cursor-pointer font-semibold text-accent">Signed elsewhere, or by a Safe</summary>
      <div className="mt-3 grid gap-3">
        <p className="text-ink-2">
          What is signed hashes to <Hash value={approval.digest ?? ""} what="digest" />. A Safe’s owners sign
          that hash as a message of their Safe.
        </p>
        <details>
          <summary className="cursor-pointer">Typed data (EIP-712)</summary>
          <pre className="mt-2 max-h-64 overflow-auto rounded-md bg-sunken p-3 text-xs">
            {JSON.stringify(approval.typedData, null, 2)}
          </pre>
        </details>
        <SelectField label="Member" value={member} onChange={(event) => setChosen(event.target.value)}>
          {missing.map((each) => (
            <option key={each} value={each}>
              {names(each) ?? shortHex(each)}
            </option>
          ))}
        </SelectField>
        <LongTextField
          label="Signature"
          rows={2}
          room={characters(8_194)}
          value={signature}
          className="font-mono text-sm"
          placeholder="0x…"
          error={text !== "" && !isHex ? "A signature is 0x and hex digits, two a byte." : undefined}
          onChange={(event) => setSignature(event.target.value)}
        />
        <Button disabled={!isHex} busy={busy} onClick={() => onHand(member, text)}>
          Hand it over
        </Button>
      </div>
    </details>
  );
}
