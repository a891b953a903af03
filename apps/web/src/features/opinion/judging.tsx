import { plural, t } from "@lingui/core/macro";
import { Hash } from "../../components/hash.tsx";
import { CheckIcon, CrossIcon } from "../../components/icons.tsx";
import { formatFixed, formatPercent } from "../../format/amount.ts";
import { useWalletNames } from "../wallet/use-wallet-names.ts";
import type { Judged } from "./sheets.ts";

/** Who judged, by which models, and what each came to: worked out again here from the labels and the stakes. */
export function Judging({ judged }: { judged: readonly Judged[] }) {
  const names = useWalletNames();
  if (judged.length === 0)
    return <p className="text-ink-3">{t`What the reports rest on is not kept here.`}</p>;
  return (
    <ul className="divide-y divide-rule" aria-label={t`Reports and their labels`}>
      {judged.map(({ signer, counted, sheet, complaint }) => (
        <li
          key={signer}
          className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 gap-y-1 py-2.5 text-[0.9375rem]"
        >
          <p className="min-w-0">
            <Hash value={signer} name={names(signer)} />{" "}
            {sheet && (
              <span className="text-ink-2">
                {sheet.analysts.map(({ analyst, model }) => `${analyst} (${model})`).join(", ")}
              </span>
            )}
            {!counted && <span className="text-ink-3"> {t`· not in the answer`}</span>}
          </p>
          <p className="num text-right font-semibold">{sheet?.score ?? "–"}</p>
          {sheet ? (
            <p className="col-span-2 flex items-start gap-x-2 text-sm text-ink-2">
              <CheckIcon className="mt-0.5 shrink-0 text-base text-accent" />
              <span className="min-w-0">
                {t`${sheet.positions.length} labels worked out again: ${sheet.score}, sheet’s confidence ${formatPercent(sheet.confidence)}`}
                {sheet.rest &&
                  plural(sheet.rest.opinions, {
                    one: "; # more of smaller stakes is not labelled",
                    other: "; # more of smaller stakes are not labelled",
                  })}
                {sheet.families.length > 1 &&
                  `; ${sheet.families.map(({ family, scoreBps }) => `${family} ${formatFixed(BigInt(scoreBps), 2)}`).join(", ")}`}
              </span>
            </p>
          ) : (
            <p className="col-span-2 flex items-start gap-x-2 text-sm text-bad">
              <CrossIcon className="mt-0.5 shrink-0 text-base" /> {complaint}
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}
