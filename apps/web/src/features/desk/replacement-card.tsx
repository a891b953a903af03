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
    <article className="panel grid gap-4 p-4 sm:p-5" aria-label="Change of members">
      <div className="grid gap-4 sm:grid-cols-2">
        <Accounts title="Leave" accounts={leave} names={names} />
        <Accounts title="Come" accounts={come} names={names} />
      </div>
      <div className="text-[0.9375rem]">
        <p className="font-semibold" role="status">
          {committee.needed - replacement.missing} of {committee.needed} signatures
          {replacement.missing > 0 && `, ${replacement.missing} missing`}
        </p>
        <p className="text-ink-2">
          {signed.length > 0 &&
            `Signed by ${signed.map((one) => names(one) ?? one.slice(0, 8)).join(", ")}. `}
          Counts for{" "}
          <Countdown at={replacement.expiresAt} past="no time more" className="font-semibold text-ink" />.
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
      title: "Sign the change",
      run: async (onState) => {
        onState("signing");
        signature = await wallet.sign(typedData);
      },
    };
    void run([signing, handOver(replacement, own, () => signature)], "Signed");
  };
  return (
    <div className="grid gap-3">
      {call ? (
        <>
          <p className="text-[0.9375rem] text-ink-2">Enough members signed. Anybody may send it.</p>
          <div>
            <Button
              look="primary"
              busy={steps.running}
              onClick={() =>
                account === undefined ? wallet.ask() : void run(callSteps(wallet, [call]), "Five others sit")
              }
            >
              Seat the five
            </Button>
          </div>
        </>
      ) : own !== undefined && hasSigned(own) ? (
        <p className="text-[0.9375rem] text-accent" role="status">
          You signed this change.
        </p>
      ) : own !== undefined ? (
        <div>
          <Button look="primary" busy={steps.running} onClick={sign}>
            Sign the change
          </Button>
        </div>
      ) : (
        <p className="text-[0.9375rem] text-ink-2">Only members sign it, each with the account that sits.</p>
      )}
      <StepList steps={steps} />
      {!call && (
        <SignedElsewhere
          digest={digest}
          typedData={typedData}
          missing={committee.members.filter((member) => !hasSigned(member))}
          busy={steps.running}
          onHand={(member, signature) =>
            void run([handOver(replacement, member, () => signature)], "Handed over")
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
  title: "Hand the signature over",
  run: async (onState) => {
    onState("working");
    await api.signReplacement({ members, number, expiresAt, member, signature: signature() });
  },
});
