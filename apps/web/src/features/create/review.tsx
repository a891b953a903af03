import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { schemaHash } from "@sooth/oracle/core";
import { Amount } from "../../components/figures.tsx";
import { Hash } from "../../components/hash.tsx";
import { formatPercent } from "../../format/amount.ts";
import { formatAbsolute, formatDuration } from "../../format/time.ts";
import { useNetwork } from "../../shell/use-network.ts";
import { Rules } from "../market/rules.tsx";
import type { Plan } from "./plan.ts";
import { sayAnswer } from "../../languages/answer-words.ts";

/** The numbers that part the outcomes, where a number decides. */
function decidesOn({ rule, unit, observeAt }: Plan["schema"]): [string, string][] {
  const measure = unit === "" ? "" : ` ${unit}`;
  const at: [string, string] = [t`Observed`, formatAbsolute(observeAt)];
  if (rule.type === "atLeast")
    return [[t`Decides`, t`Yes from ${rule.threshold + measure} on, No below`], at];
  if (rule.type === "cuts") return [[t`Decides`, t`parted at ${rule.cuts.join(", ") + measure}`], at];
  return [at];
}

/** What is said only where it is not as usual. */
function extrasOf({ order, discloseBy, default: fallback }: Plan["schema"]): [string, string][] {
  return [
    ...(order === "first" ? [[t`Decides`, t`the first source that speaks`] satisfies [string, string]] : []),
    ...(discloseBy === undefined
      ? []
      : [[t`Counts`, t`what is public by ${formatAbsolute(discloseBy)}`] satisfies [string, string]]),
    ...(fallback === "invalid" ? [] : [[t`Default`, fallback] satisfies [string, string]]),
  ];
}

/** Exactly what will stand on the chain, before anything is signed. */
export function Review({ plan }: { plan: Plan }) {
  const { collateral } = useNetwork();
  const rows: [string, React.ReactNode][] = [
    ...(plan.market
      ? [[t`Outcomes`, plan.market.outcomes.map(sayAnswer).join(" · ")] satisfies [string, string]]
      : [[t`Asked of`, plan.schema.items?.names?.join(" · ") ?? ""] satisfies [string, string]]),
    ...decidesOn(plan.schema),
    ...(plan.market
      ? [[t`Stakes end`, formatAbsolute(plan.market.closesAt)] satisfies [string, string]]
      : []),
    [t`Reports`, t`${formatAbsolute(plan.opensAt)} to ${formatAbsolute(plan.deadline)}`],
    [t`Final`, t`${formatDuration(plan.liveness)} after the answer`],
    [t`Sources`, plan.schema.sources.map(({ name }) => name).join(", ") || "none: people report"],
    ...(plan.schema.secondary
      ? [[t`Else`, plan.schema.secondary.map(({ name }) => name).join(", ")] satisfies [string, string]]
      : []),
    ...extrasOf(plan.schema),
    ...(plan.market
      ? [[t`Fee`, t`${formatPercent(plan.market.feeBps)} of the losing stakes`] satisfies [string, string]]
      : []),
    ...(plan.secures === "0"
      ? []
      : [
          [
            t`Secures`,
            <Amount
              key="secures"
              value={plan.secures}
              decimals={collateral.decimals}
              symbol={collateral.symbol}
            />,
          ] satisfies [string, React.ReactNode],
        ]),
    ...(plan.watcher === null
      ? []
      : [
          [t`Watched by`, <Hash key="watcher" value={plan.watcher} what={t`watcher`} />] satisfies [
            string,
            React.ReactNode,
          ],
        ]),
    [
      t`You pay`,
      <Amount key="reward" value={plan.reward} decimals={collateral.decimals} symbol={collateral.symbol} />,
    ],
  ];
  return (
    <div className="grid gap-5">
      <p className="question text-2xl" dir="auto">
        {plan.schema.text}
      </p>
      <dl className="grid gap-x-6 gap-y-2 sm:grid-cols-[7rem_1fr]">
        {rows.map(([name, value]) => (
          <div key={name} className="sm:contents">
            <dt className="text-sm text-ink-3 sm:pt-0.5">{name}</dt>
            <dd className="num">{value}</dd>
          </div>
        ))}
      </dl>
      {plan.market && (
        <section>
          <h3 className="mb-2 font-bold">{t`The rules`}</h3>
          <Rules
            market={{
              terms: { ...plan.market, creator: null },
              question: { ...plan, id: null },
            }}
          />
        </section>
      )}
      <details>
        <summary className="w-fit text-sm font-semibold text-accent">
          {t`The text that is logged on the chain, to the byte`}
        </summary>
        <pre
          tabIndex={0}
          className="mt-2 max-h-60 overflow-auto rounded-md bg-sunken p-3 font-mono text-xs break-all whitespace-pre-wrap"
        >
          {plan.schemaText}
        </pre>
        <p className="mt-1 text-sm text-ink-3">
          <Trans>
            keccak256 <Hash value={schemaHash(plan.schemaText)} what={t`hash`} />,{" "}
            {new TextEncoder().encode(plan.schemaText).length} bytes
          </Trans>
        </p>
      </details>
    </div>
  );
}
