import { Link } from "@tanstack/react-router";
import type { OpinionMarket } from "../../api.ts";
import { Amount } from "../../components/figures.tsx";
import { Hash } from "../../components/hash.tsx";
import { formatPercent } from "../../format/amount.ts";
import { formatAbsolute, formatDuration } from "../../format/time.ts";
import { useNetwork } from "../../shell/use-network.ts";
import { useWalletNames } from "../wallet/use-wallet-names.ts";
import { RULE_WORDS } from "./rule-words.ts";

/** The market's terms as sentences; every number in them is one that the contract enforces. */
export function OpinionRules({ market }: { market: OpinionMarket }) {
  const { collateral } = useNetwork();
  const names = useWalletNames();
  const { terms, revealsUntil, quietFrom } = market;
  const money = { decimals: collateral.decimals, symbol: collateral.symbol };
  return (
    <ul className="grid max-w-[68ch] list-disc gap-2 pl-5 marker:text-rule-2">
      <li>
        One opinion an address, with a stake of <Amount value={terms.leastStake} {...money} /> to{" "}
        <Amount value={terms.mostStake} {...money} />, until{" "}
        <b className="num">{formatAbsolute(terms.closesAt)}</b> by the chain’s clock.
        {terms.quietSeconds > 0 && (
          <>
            {" "}
            In the last {formatDuration(terms.quietSeconds)}, from{" "}
            <span className="num">{formatAbsolute(quietFrom)}</span>, at most{" "}
            <Amount value={terms.quietMost} {...money} />: whoever waits to see where the others stand can
            stake little.
          </>
        )}
      </li>
      {terms.revealSeconds > 0 && (
        <li>
          Stances are hidden until it closes: your browser locks yours to a round of a public beacon that
          comes out after that. Then anybody can open it, and this server does. They have to be told until{" "}
          <b className="num">{formatAbsolute(revealsUntil)}</b>; a stake whose stance nobody tells goes to the
          others.
        </li>
      )}
      <li>
        After closing, analysts read every text by itself and label its stance and its quality. The score, 0
        to 100, is the mean stance of the texts, weighted with stake and quality; it is the oracle’s answer
        and can be disputed like any other. Below a confidence of <b>{formatPercent(terms.minConfidence)}</b>{" "}
        the market is void.
      </li>
      <li>{RULE_WORDS[terms.rule].rule}</li>
      <li>
        Of all stakes, <b>{formatPercent(terms.feeBps)}</b> go to the creator,{" "}
        <Hash value={terms.creator} name={names(terms.creator)} />,{" "}
        {terms.prizeBps === 0 ? (
          "and nothing is drawn."
        ) : (
          <>
            and <b>{formatPercent(terms.prizeBps)}</b> are drawn as {terms.prizes} equal{" "}
            {terms.prizes === 1 ? "prize" : "prizes"}, with odds by closeness and stake. The draw is a round
            of a public beacon that is named after the score: nobody could choose it.
          </>
        )}
      </li>
      <li>
        Every pay-out is rounded down to the smallest unit; what is left over, less than one unit a claim,
        stays in the contract. Anybody may send a claim for anybody, and the owner is paid.
      </li>
      <li>
        Everybody gets the whole stake back when the market is void: no valid answer, too little confidence,
        nobody to be paid, or no score within 14 days.
      </li>
      <li>
        <Link
          to="/questions/$id"
          params={{ id: market.question.id }}
          className="font-semibold text-accent underline underline-offset-4"
        >
          The question, its reports and how it is answered
        </Link>
      </li>
    </ul>
  );
}
