import type { Dispute, Juror } from "../../api.ts";
import { Hash } from "../../components/hash.tsx";
import { choiceText } from "../dispute/words.ts";
import { useWalletNames } from "../wallet/use-wallet-names.ts";

const FAULTS: Record<NonNullable<Juror["fault"]>, string> = {
  missing: "did not vote",
  incoherent: "voted against the outcome",
  withheld: "sealed a vote and did not open it",
  leaked: "let the vote be known too early",
  equivocal: "signed two votes",
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
    <ul className="divide-y divide-rule" aria-label="Jurors">
      {jurors.map(({ index, owner, seats, committed, choice, fault }) => (
        <li key={index} className="grid grid-cols-[minmax(0,1fr)_auto] items-baseline gap-x-4 py-2.5">
          <span className="min-w-0">
            <Hash value={owner} name={nameOf(owner)} />
            <span className="num text-sm text-ink-3">
              {seats} seat{seats === 1 ? "" : "s"}
            </span>
          </span>
          <span className="text-right text-[0.9375rem]">
            {choice !== null && choice !== 0 ? (
              <b>{choiceText(choice, labels)}</b>
            ) : (
              fault === null && <span className="text-ink-2">{committed ? "sealed" : "no vote yet"}</span>
            )}
            {fault !== null && <span className="block text-sm text-bad">{FAULTS[fault]}</span>}
          </span>
        </li>
      ))}
    </ul>
  );
}
