import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { sameAddress } from "@sooth/kernel";
import { useQueryClient } from "@tanstack/react-query";
import { api, type Approval } from "../../api.ts";
import { announce } from "../../components/announcer.tsx";
import { Button } from "../../components/button.tsx";
import { callSteps } from "../steps/call-steps.ts";
import { StepList } from "../steps/step-list.tsx";
import { type Step, useSteps } from "../steps/use-steps.ts";
import { useWallet } from "../wallet/wallet-context.tsx";
import { SignedElsewhere } from "./signed-elsewhere.tsx";

/** What a member does: signs with the wallet, or hands over what a Safe or another device signed. Once enough did, anybody sends it. */
export function SignApproval({ approval }: { approval: Approval }) {
  const wallet = useWallet();
  const client = useQueryClient();
  const steps = useSteps();
  const account = wallet.account?.address;
  const { call, typedData, digest } = approval;
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
      title: t`Sign the score ${approval.result?.score ?? ""}`,
      run: async (onState) => {
        onState("signing");
        signature = await wallet.sign(typedData);
      },
    };
    void run([signing, handOver(approval, own, () => signature)], t`Signed`);
  };
  return (
    <div className="grid gap-3">
      {call ? (
        <>
          <p className="text-[0.9375rem] text-ink-2">{t`Enough members signed. The platform’s keeper sends it, where one runs; anybody may.`}</p>
          <Button
            look="primary"
            busy={steps.running}
            onClick={() =>
              account === undefined ? wallet.ask() : void run(callSteps(wallet, [call]), t`Scored`)
            }
          >{t`Write the score down`}</Button>
        </>
      ) : account === undefined ? (
        <Button look="primary" onClick={() => wallet.ask()}>{t`Connect a wallet to sign`}</Button>
      ) : own === undefined ? (
        <p
          className="text-[0.9375rem] text-ink-2"
          role="status"
        >{t`The connected account does not sit in the committee.`}</p>
      ) : hasSigned(own) ? (
        <p className="text-[0.9375rem] text-accent" role="status">{t`You signed this result.`}</p>
      ) : (
        <Button look="primary" busy={steps.running} onClick={sign}>
          <Trans>Sign the score {approval.result?.score}</Trans>
        </Button>
      )}
      <StepList steps={steps} />
      {!call && (
        <SignedElsewhere
          digest={digest ?? ""}
          typedData={typedData}
          missing={members.filter((member) => !hasSigned(member))}
          busy={steps.running}
          onHand={(member, signature) =>
            void run([handOver(approval, member, () => signature)], t`Handed over`)
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
  title: t`Hand the signature over`,
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
