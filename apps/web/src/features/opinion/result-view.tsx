import { formatCount } from "../../format/signs.ts";
import { i18n } from "@lingui/core";
import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { Opinion, OpinionMarket } from "../../api.ts";
import { Amount } from "../../components/figures.tsx";
import { CheckIcon, CrossIcon } from "../../components/icons.tsx";
import { formatPercent } from "../../format/amount.ts";
import { useNetwork } from "../../shell/use-network.ts";
import { disagreement, lineOf, reckon } from "./recompute.ts";
import { RULE_WORDS } from "./rule-words.ts";

/** Where the money went, line by line, worked out in this page from the bands and the score. */
export function ResultView({ market, own }: { market: OpinionMarket; own: Opinion | undefined }) {
  const { collateral } = useNetwork();
  const { result, terms } = market;
  if (!result) return null;
  const reckoning = reckon(market, result.score);
  const wrong = disagreement(market);
  const line = own && lineOf(reckoning, own);
  const money = (value: bigint) => (
    <Amount value={value} decimals={collateral.decimals} symbol={collateral.symbol} />
  );
  const rows: [string, bigint, string?][] = [
    [t`Staked with a stance that was told`, reckoning.told],
    ...(reckoning.untold > 0n
      ? ([[t`Stakes whose stance nobody told`, reckoning.untold, "+"]] as [string, bigint, string][])
      : []),
    [t`Fee of ${formatPercent(terms.feeBps)}, rounded down`, reckoning.fee, "−"],
    [t`Prizes, ${formatPercent(terms.prizeBps)}, rounded down`, reckoning.prizes, "−"],
  ];
  return (
    <div className="grid gap-4">
      <table className="w-full max-w-[36rem] text-[0.9375rem]">
        <caption className="sr-only">{t`How what is shared comes about`}</caption>
        <tbody>
          {rows.map(([name, value, sign]) => (
            <tr key={name} className="border-b border-rule">
              <th scope="row" className="py-1.5 pr-4 text-left font-normal">
                {name}
              </th>
              <td className="py-1.5 text-right">
                {sign} {money(value)}
              </td>
            </tr>
          ))}
          <tr>
            <th scope="row" className="py-1.5 pr-4 text-left font-semibold">
              {t`Shared by closeness`}
            </th>
            <td className="py-1.5 text-right font-semibold">= {money(reckoning.net)}</td>
          </tr>
        </tbody>
      </table>
      {own && line && (
        <div className="panel max-w-[44rem] p-4">
          <h3 className="mb-2 font-semibold">{t`Your line`}</h3>
          <p className="num text-[0.9375rem] break-words">
            <Trans>
              {money(BigInt(own.amount))} at {own.stance}, {Math.abs((own.stance ?? 0) - result.score)} from
              the score, by the rule “{i18n._(RULE_WORDS[terms.rule].name)}” weighs{" "}
              <b>{formatCount(line.weight)}</b> of <b>{formatCount(reckoning.weightOfAll)}</b>:{" "}
              <b className="text-accent">{money(line.pays)}</b>, rounded down.
            </Trans>
          </p>
        </div>
      )}
      {own && !line && (
        <p className="max-w-[68ch]">
          <Trans>Nobody told your stance in time: your stake went to the others, and nothing is due.</Trans>
        </p>
      )}
      {wrong === null ? (
        <p className="flex items-center gap-1.5 text-sm font-semibold text-accent">
          <CheckIcon className="text-lg" />{" "}
          {t`Worked out here from the stakes and the score: the same to the unit`}
        </p>
      ) : (
        <p role="alert" className="flex items-center gap-1.5 text-sm font-semibold text-bad">
          <CrossIcon className="text-lg" />{" "}
          {t`What the server tells is not what the stakes come to: ${wrong}`}
        </p>
      )}
    </div>
  );
}
