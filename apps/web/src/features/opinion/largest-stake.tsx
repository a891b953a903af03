import { t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import type { OpinionMarket } from "../../api.ts";
import { Fact } from "../../components/figures.tsx";
import { formatShare } from "../../format/amount.ts";
import { largestOpinionQuery } from "../../queries.ts";

/** Which part of all stakes is the largest one's, as the rules speak of it. */
export function LargestStake({ market }: { market: OpinionMarket }) {
  const largest = useQuery(largestOpinionQuery(market.id)).data;
  const share = largest ? (BigInt(largest.amount) * 10_000n) / BigInt(market.volume) : undefined;
  return (
    <Fact label={t`Largest stake`}>
      {share === undefined ? "–" : t`${formatShare(Number(share))} of all`}
    </Fact>
  );
}
