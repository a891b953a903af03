import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { at } from "@sooth/kernel";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { OutcomeSet } from "../../api.ts";
import { Amount, Fact } from "../../components/figures.tsx";
import { Hash } from "../../components/hash.tsx";
import { LoadMore } from "../../components/page.tsx";
import { Failure } from "../../components/states.tsx";
import { formatShare } from "../../format/amount.ts";
import { outcomeSetsQuery } from "../../queries.ts";
import { useNetwork } from "../../shell/use-network.ts";
import { sayAnswer } from "../../languages/answer-words.ts";

/** The money behind outcome tokens, question by question. Nothing where nobody ever made any. */
export function SetList() {
  const sets = useInfiniteQuery(outcomeSetsQuery);
  const items = sets.data?.pages.flatMap((page) => page.items) ?? [];
  if (sets.error && !sets.data) return <Failure error={sets.error} retry={() => void sets.refetch()} />;
  if (items.length === 0) return null;
  return (
    <>
      <h3 className="mt-6 font-semibold">{t`Question by question`}</h3>
      <p className="mt-1 max-w-[68ch] text-sm text-ink-2">
        <Trans>
          A yes and a no together are worth a whole one, at any time. Once a question is settled each side is
          owed its share, rounded down once for whoever redeems: of each redemption less than the smallest
          unit stays.
        </Trans>
      </p>
      <ul className="mt-3 max-w-3xl">
        {items.map((set) => (
          <SetEntry key={set.key} set={set} />
        ))}
      </ul>
      <LoadMore
        more={sets.hasNextPage}
        busy={sets.isFetchingNextPage}
        onMore={() => void sets.fetchNextPage()}
      />
    </>
  );
}

function SetEntry({ set }: { set: OutcomeSet }) {
  const { collateral } = useNetwork();
  const { decimals } = collateral;
  const money = { decimals, symbol: collateral.symbol };
  return (
    <li className="border-t border-rule py-3">
      {set.question === null ? (
        <p className="text-ink-2">
          <Trans>A question that nobody asked</Trans> <Hash value={set.key} what={t`id`} />
        </p>
      ) : (
        <Link to="/questions/$id" params={{ id: set.question }} className="font-semibold hover:text-accent">
          <span dir="auto">{set.text ?? set.question}</span>
        </Link>
      )}
      {set.outcomes.length > 1 &&
        set.outcomes.map((one) => (
          <div key={one.outcome} className="mt-2">
            <p className="text-sm text-ink-2" dir="auto">
              {one.label === null ? t`Not one of its outcomes (number ${one.outcome})` : sayAnswer(one.label)}
            </p>
            <dl className="grid grid-cols-2 gap-x-6 gap-y-2 text-sm sm:grid-cols-4">
              <Tokens of={one} />
            </dl>
          </div>
        ))}
      <dl className="mt-2 grid grid-cols-2 gap-x-6 gap-y-2 text-sm sm:grid-cols-4">
        {set.outcomes.length === 1 && <Tokens of={at(set.outcomes, 0)} />}
        <Fact label={t`Owed at most`}>
          <Amount value={set.owed} {...money} />
        </Fact>
        <Fact label={t`Put in`}>
          <Amount value={set.putIn} {...money} />
        </Fact>
        <Fact label={t`Paid out`}>
          <Amount value={set.paidOut} {...money} />
        </Fact>
        <Fact label={t`Left by rounding`}>
          <Amount value={set.dust} {...money} />
        </Fact>
      </dl>
    </li>
  );
}

/** What there is of one outcome. */
function Tokens({ of }: { of: OutcomeSet["outcomes"][number] }) {
  const { decimals } = useNetwork().collateral;
  return (
    <>
      <Fact label={t`Yes tokens`}>
        <Amount value={of.yes} decimals={decimals} />
      </Fact>
      <Fact label={t`No tokens`}>
        <Amount value={of.no} decimals={decimals} />
      </Fact>
      <Fact label={t`A yes is worth`}>{of.yesBps === null ? t`not settled` : formatShare(of.yesBps)}</Fact>
    </>
  );
}
