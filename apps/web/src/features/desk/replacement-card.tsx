import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { sameAddress } from "@sooth/kernel";
import { useQueryClient } from "@tanstack/react-query";
import { api, type Committee, type Replacement } from "../../api.ts";
import { announce } from "../../components/announcer.tsx";
import { Button } from "../../components/button.tsx";
import { Hash } from "../../components/hash.tsx";
import { Countdown } from "../../components/time.tsx";
import { callSteps } from "../steps/call-steps.ts";
import { StepList } from "../steps/step-list.tsx";
import { type Step, useSteps } from "../steps/use-steps.ts";
import { useWalletNames } from "../wallet/use-wallet-names.ts";
import { useWallet } from "../wallet/wallet-context.tsx";
import { changeOf } from "./five-members.ts";
import { SignedElsewhere } from "./signed-elsewhere.tsx";

type Props = { committee: Committee; replacement: Replacement };

/** Five others for the committee: who leaves, who comes, who signed. Once enough did, anybody seats them. */
export function ReplacementCard({ committee, replacement }: Props) {
  const names = useWalletNames();
  const { leave, come } = changeOf(committee.members, replacement.members);
  const signed = replacement.signed.map(({ member }) => member);
  return (
    <article className="panel grid gap-4 p-4 sm:p-5" aria-label={t`Change of members`}>
      <div className="grid gap-4 sm:grid-cols-2">
        <Accounts title={t`Leave`} accounts={leave} names={names} />
        <Accounts title={t`Come`} accounts={come} names={names} />
      </div>
      <div className="text-[0.9375rem]">
        <p className="font-semibold" role="status">
          <Trans>
            {committee.needed - replacement.missing} of {committee.needed} signatures
          </Trans>
          {replacement.missing > 0 && <>, {t`${replacement.missing} missing`}</>}
        </p>
        <p className="text-ink-2">
          {signed.length > 0 && (
            <>{t`Signed by ${signed.map((one) => names(one) ?? one.slice(0, 8)).join(", ")}.`} </>
          )}
          <Trans>
            Counts for{" "}
            <Countdown at={replacement.expiresAt} past={t`no time more`} className="font-semibold text-ink" />
            .
          </Trans>
        </p>
      </div>
      <SignReplacement committee={committee} replacement={replacement} />
    </article>
  );
}

function Accounts({
  title,
  accounts,
  names,
}: {
  title: string;
  accounts: readonly string[];
  names: ReturnType<typeof useWalletNames>;
}) {
  return (
    <div className="min-w-0">
      <h3 className="label mb-1">{title}</h3>
      <ul aria-label={title}>
        {accounts.map((account) => (
          <li key={account}>
            <Hash value={account} name={names(account)} />
            {/* Whole: an address that begins and ends like another one is cheap to make. */}
            <span className="block font-mono text-xs break-all text-ink-2">{account}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function SignReplacement({ committee, replacement }: Props) {
  const wallet = useWallet();
  const client = useQueryClient();
  const steps = useSteps();
  const account = wallet.account?.address;
  const { call, typedData, digest, signed } = replacement;
  const own = committee.members.find((member) => account !== undefined && sameAddress(member, account));
  const hasSigned = (member: string) => signed.some((one) => sameAddress(one.member, member));
  const run = async (todo: readonly Step[], done: string) => {
    if (await steps.run(todo)) {
      announce(done);
      steps.reset();
    }
    await Promise.all(
      ["committee", "approvals"].map((queryKey) => client.invalidateQueries({ queryKey: [queryKey] })),
    );
  };
  const sign = () => {
    if (own === undefined) return;
    let signature = "";
    const signing: Step = {
      title: t`Sign the change`,
      run: async (onState) => {
        onState("signing");
        signature = await wallet.sign(typedData);
      },
    };
    void run([signing, handOver(replacement, own, () => signature)], t`Signed`);
  };
  return (
    <div className="grid gap-3">
      {call ? (
        <>
          <p className="text-[0.9375rem] text-ink-2">{t`Enough members signed. Anybody may send it.`}</p>
          <div>
            <Button
              look="primary"
              busy={steps.running}
              onClick={() =>
                account === undefined ? wallet.ask() : void run(callSteps(wallet, [call]), t`Five others sit`)
              }
            >{t`Seat the five`}</Button>
          </div>
        </>
      ) : own !== undefined && hasSigned(own) ? (
        <p className="text-[0.9375rem] text-accent" role="status">{t`You signed this change.`}</p>
      ) : own !== undefined ? (
        <div>
          <Button look="primary" busy={steps.running} onClick={sign}>{t`Sign the change`}</Button>
        </div>
      ) : (
        <p className="text-[0.9375rem] text-ink-2">{t`Only members sign it, each with the account that sits.`}</p>
      )}
      <StepList steps={steps} />
      {!call && (
        <SignedElsewhere
          digest={digest}
          typedData={typedData}
          missing={committee.members.filter((member) => !hasSigned(member))}
          busy={steps.running}
          onHand={(member, signature) =>
            void run([handOver(replacement, member, () => signature)], t`Handed over`)
          }
        />
      )}
    </div>
  );
}

const handOver = (
  { members, number, expiresAt }: Replacement,
  member: string,
  signature: () => string,
): Step => ({
  title: t`Hand the signature over`,
  run: async (onState) => {
    onState("working");
    await api.signReplacement({ members, number, expiresAt, member, signature: signature() });
  },
});
