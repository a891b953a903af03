import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { OutcomeSide } from "@sooth/markets/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { QuestionDetail } from "../../api.ts";
import { useNow } from "../../clock.ts";
import { SelectField } from "../../components/field.tsx";
import { Failure, Skeleton } from "../../components/states.tsx";
import { typedAmount } from "../../format/amount.ts";
import { bookQuery, outcomesQuery, ownOrdersQuery } from "../../queries.ts";
import { useWallet } from "../wallet/wallet-context.tsx";
import { Book } from "./book.tsx";
import { ChoiceTokens } from "./choice-tokens.tsx";
import "./error-words.ts";
import { type Draft, OrderForm, PRICE_PLACES } from "./order-form.tsx";
import { OwnTokens } from "./own-tokens.tsx";
import { boundsOf, sidesOf } from "./side-names.ts";
import { sayAnswer } from "../../languages/answer-words.ts";

/** Where yes and no of a question are bought, sold, made, taken apart and redeemed. */
export function TradePart({ question }: { question: QuestionDetail }) {
  const address = useWallet().account?.address;
  const outcomes = useQuery(outcomesQuery(question.id, address));
  const [outcome, setOutcome] = useState(0);
  const book = useQuery(bookQuery(question.id, outcome));
  const own = useQuery(ownOrdersQuery(question.id, outcome, address));
  const now = useNow();
  const [draft, setDraft] = useState<Draft>({
    buys: true,
    token: "yes",
    tokens: "10",
    price: typedAmount(500_000n, PRICE_PLACES),
  });
  const names = sidesOf(question);
  const { lower, upper } = boundsOf(question);
  const error = outcomes.error ?? book.error;
  if (!outcomes.data || !book.data) return error ? <Failure error={error} /> : <Skeleton lines={12} />;
  const { latest } = outcomes.data;
  const all = outcomes.data.outcomes;
  const trades = outcomes.data.trades.filter((trade) => trade.outcome === outcome);
  const held = all[outcome];
  if (!held) return null;
  const isOpen = latest !== null && now < latest && question.status === "open";
  const take = (price: number, side: OutcomeSide) =>
    setDraft((was) => ({
      ...was,
      buys: side === "buyYes",
      token: "yes",
      price: typedAmount(BigInt(price), PRICE_PLACES),
    }));
  return (
    <div className="grid gap-8">
      {all.length > 1 && (
        <SelectField
          label={t`Outcome`}
          className="max-w-sm"
          value={String(outcome)}
          onChange={(event) => setOutcome(Number(event.target.value))}
        >
          {all.map((one) => (
            <option key={one.outcome} value={one.outcome}>
              {sayAnswer(one.label)}
            </option>
          ))}
        </SelectField>
      )}
      <p className="max-w-[68ch] text-[0.9375rem] text-ink-2">
        {all.length > 1 ? (
          <Trans>
            A “{names.yes}” pays 1 if “{sayAnswer(held.label)}” is the answer, and 0 if another is; a “
            {names.no}” pays the rest of 1. Both together are worth 1 at any time.
          </Trans>
        ) : question.terms.aggregation === "median" ? (
          <Trans>
            A “{names.yes}” is worth 1 at {upper} or more, 0 at {lower} or less, and in proportion between; a
            “{names.no}” is worth the rest of 1. Without an answer each is worth 0.50.
          </Trans>
        ) : (
          <Trans>
            A “{names.yes}” pays 1 if that is the answer, and 0 if it is “{names.no}”; without an answer each
            is worth 0.50. Both together are worth 1 at any time.
          </Trans>
        )}
      </p>
      <div className="grid gap-8 md:grid-cols-2">
        {isOpen ? (
          <OrderForm
            question={question}
            names={names}
            held={held}
            outcomes={all.length}
            latest={latest}
            draft={draft}
            onDraft={setDraft}
          />
        ) : (
          <p className="text-ink-2">{t`No more orders are taken: whoever knows the answer would take them.`}</p>
        )}
        <Book book={book.data} trades={trades} names={names} onTake={isOpen ? take : undefined} />
      </div>
      {address !== undefined && (
        <OwnTokens
          question={question}
          names={names}
          held={held}
          orders={(own.data ?? book.data).orders}
          owner={address}
        />
      )}
      {address !== undefined && all.length > 1 && (
        <ChoiceTokens question={question} names={names} all={all} owner={address} />
      )}
    </div>
  );
}
