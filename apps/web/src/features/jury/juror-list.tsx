import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg, plural, t } from "@lingui/core/macro";
import type { Dispute, Juror } from "../../api.ts";
import { Hash } from "../../components/hash.tsx";
import { choiceText } from "../dispute/words.ts";
import { useWalletNames } from "../wallet/use-wallet-names.ts";

const FAULTS: Record<NonNullable<Juror["fault"]>, MessageDescriptor> = {
  missing: msg`did not vote`,
  incoherent: msg`voted against the outcome`,
  withheld: msg`sealed a vote and did not open it`,
  leaked: msg`let the vote be known too early`,
  equivocal: msg`signed two votes`,
};

/** Who holds the seats, and what each did. */
export function JurorList({
  jurors,
  labels,
}: {
  jurors: readonly Juror[];
  labels: Pick<Dispute, "valueLabel" | "claimLabel">;
}) {
  const nameOf = useWalletNames();
  return (
    <ul className="divide-y divide-rule" aria-label={t`Jurors`}>
      {jurors.map(({ index, owner, seats, committed, choice, fault }) => (
        <li key={index} className="grid grid-cols-[minmax(0,1fr)_auto] items-baseline gap-x-4 py-2.5">
          <span className="min-w-0">
            <Hash value={owner} name={nameOf(owner)} />
            <span className="num text-sm text-ink-3">
              {plural(seats, { one: "# seat", other: "# seats" })}
            </span>
          </span>
          <span className="text-right text-[0.9375rem]">
            {choice !== null && choice !== 0 ? (
              <b>{choiceText(choice, labels)}</b>
            ) : (
              fault === null && <span className="text-ink-2">{committed ? t`sealed` : t`no vote yet`}</span>
            )}
            {fault !== null && <span className="block text-sm text-bad">{i18n._(FAULTS[fault])}</span>}
          </span>
        </li>
      ))}
    </ul>
  );
}
