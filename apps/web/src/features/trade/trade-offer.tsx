import { t } from "@lingui/core/macro";
import { outcomesOf } from "@sooth/markets/core";
import { lazy, Suspense, useState } from "react";
import type { QuestionDetail } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { Section } from "../../components/page.tsx";
import { Skeleton } from "../../components/states.tsx";

const TradePart = lazy(async () => ({ default: (await import("./trade-part.tsx")).TradePart }));

/** Whether a yes and a no can be made of it, as the contract looks at it. */
const hasSides = ({ terms: { aggregation, min, max } }: QuestionDetail): boolean =>
  outcomesOf({ aggregation, min: BigInt(min), max: BigInt(max) }) > 0;

/** The way to where yes and no are traded, which is loaded for who wants it. */
export function TradeOffer({ question }: { question: QuestionDetail }) {
  const [open, setOpen] = useState(false);
  if (!hasSides(question)) return null;
  return (
    <Section title={t`Trade yes and no`}>
      {open ? (
        <Suspense fallback={<Skeleton lines={12} />}>
          <TradePart question={question} />
        </Suspense>
      ) : (
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <Button size="small" onClick={() => setOpen(true)}>
            {question.status === "open" ? t`Open trading` : t`Redeem or take back`}
          </Button>
          <p className="min-w-0 flex-1 basis-64 text-sm text-ink-2">
            {question.status === "open"
              ? t`Buy or sell a side at a price, until just before anybody can know the answer.`
              : t`Orders have ended. Whoever holds a side has it paid here.`}
          </p>
        </div>
      )}
    </Section>
  );
}
