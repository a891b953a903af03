import { i18n } from "@lingui/core";
import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { CROWD_SHARE } from "@sooth/markets/core";
import { Link } from "@tanstack/react-router";
import type { OpinionMarket } from "../../api.ts";
import { Amount } from "../../components/figures.tsx";
import { formatPercent, formatShare } from "../../format/amount.ts";
import { formatAbsolute, formatDuration } from "../../format/time.ts";
import { useNetwork } from "../../shell/use-network.ts";
import { Creator } from "../market/creator.tsx";
import { RULE_WORDS } from "./rule-words.ts";

/** What the sentences are made of: a market that is up, or one that is planned, with no question yet and whoever reads them as its creator. */
type Ruled = Pick<OpinionMarket, "revealsUntil" | "quietFrom" | "secures"> & {
  terms: Pick<
    OpinionMarket["terms"],
    | "closesAt"
    | "quietSeconds"
    | "revealSeconds"
    | "leastStake"
    | "mostStake"
    | "quietMost"
    | "minConfidence"
    | "rule"
    | "feeBps"
    | "prizeBps"
    | "prizes"
  > & { creator: string | null };
  question?: { id: string };
  readsElsewhere?: string | null;
  undersecured?: string | null;
};

/** The market's terms as sentences; every number in them is one that the contract enforces, but for what all may stake, which servers do. */
export function OpinionRules({ market }: { market: Ruled }) {
  const { collateral, keeper } = useNetwork();
  const { terms, revealsUntil, quietFrom, secures, readsElsewhere = null, undersecured = null } = market;
  const money = { decimals: collateral.decimals, symbol: collateral.symbol };
  return (
    <ul className="grid max-w-[68ch] list-disc gap-2 pl-5 marker:text-rule-2">
      <li>
        <Trans>
          One opinion an address, with a stake of <Amount value={terms.leastStake} {...money} /> to{" "}
          <Amount value={terms.mostStake} {...money} />, until{" "}
          <b className="num">{formatAbsolute(terms.closesAt)}</b> by the chain’s clock.
        </Trans>
        {terms.quietSeconds > 0 && (
          <>
            {" "}
            <Trans>
              In the last {formatDuration(terms.quietSeconds)}, from{" "}
              <span className="num">{formatAbsolute(quietFrom)}</span>, at most{" "}
              <Amount value={terms.quietMost} {...money} />: whoever waits to see where the others stand can
              stake little.
            </Trans>
          </>
        )}
      </li>
      <li>
        {readsElsewhere === null && undersecured === null ? (
          <Trans>
            Once <Amount value={secures} {...money} /> is staked in all, this server takes no more: the answer
            secures that much. The contract itself does not count it.
          </Trans>
        ) : (
          t`This server takes no stake on it. The contract itself takes any.`
        )}
      </li>
      {terms.revealSeconds > 0 && (
        <li>
          <Trans>
            Stances are hidden until it closes: your browser locks yours to a round of a public beacon that
            comes out after that. Then anybody can open it. They have to be told until{" "}
            <b className="num">{formatAbsolute(revealsUntil)}</b>; a stake whose stance nobody tells goes to
            the others.
          </Trans>{" "}
          {keeper.tells
            ? t`This server opens and tells all of them.`
            : t`This server tells none, and so takes no hidden stance.`}
        </li>
      )}
      <li>
        {readsElsewhere === null ? (
          <Trans>
            After closing, analysts read every text by itself and label its stance and its quality. The score,
            0 to 100, is the mean stance of the texts, weighted with stake and quality; it is the oracle’s
            answer and can be disputed like any other. Below a confidence of{" "}
            <b>{formatPercent(terms.minConfidence)}</b> the market is void.
          </Trans>
        ) : (
          <Trans>
            The score, 0 to 100, is not what analysts make of these texts alone: the question says where it is
            read. Below a confidence of <b>{formatPercent(terms.minConfidence)}</b> the market is void.
          </Trans>
        )}
      </li>
      <li>{i18n._(RULE_WORDS[terms.rule].rule)}</li>
      <li>
        {terms.prizeBps === 0 ? (
          <Trans>
            Of all stakes, <b>{formatPercent(terms.feeBps)}</b> go to the creator,{" "}
            <Creator address={terms.creator} puts />, and nothing is drawn.
          </Trans>
        ) : (
          <Trans>
            Of all stakes, <b>{formatPercent(terms.feeBps)}</b> go to the creator,{" "}
            <Creator address={terms.creator} puts />, and <b>{formatPercent(terms.prizeBps)}</b> are drawn as{" "}
            <Plural value={terms.prizes} one="# prize" other="# equal prizes" />, with odds by closeness and
            stake. The draw is a round of a public beacon that is named after the score: nobody could choose
            it.
          </Trans>
        )}
      </li>
      <li>
        <Trans>
          The more of all stakes one address holds above {formatShare(Number(CROWD_SHARE))}, the less the
          analysts’ labels are trusted.
        </Trans>
      </li>
      {terms.prizeBps > 0 && (
        <li>
          <Trans>
            A round of the beacon that nobody proves within a day is replaced by a later one. Where no seed
            came 28 days after closing, the prizes are shared like the rest. A prize that nobody claimed 180
            days after its round goes to the treasury.
          </Trans>
        </li>
      )}
      <li>
        <Trans>
          Every pay-out is rounded down to the smallest unit; what is left over, less than one unit a claim,
          stays in the contract. Anybody may send a claim for anybody, and the owner is paid.
        </Trans>
      </li>
      <li>
        <Trans>
          Everybody gets the whole stake back when the market is void: no valid answer, too little confidence,
          nobody to be paid, or no score within 14 days.
        </Trans>
      </li>
      {market.question && (
        <li>
          <Link
            to="/questions/$id"
            params={{ id: market.question.id }}
            className="font-semibold text-accent underline underline-offset-4"
          >
            {t`The question, its reports and how it is answered`}
          </Link>
        </li>
      )}
    </ul>
  );
}
