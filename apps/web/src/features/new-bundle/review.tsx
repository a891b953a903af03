import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { type Built, PLEDGES } from "@sooth/bundles/core";
import { useState } from "react";
import type { AbiFunction } from "viem";
import type { BundleQuote } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { Choice } from "../../components/field.tsx";
import { Section } from "../../components/page.tsx";
import { grouped } from "../../format/amount.ts";
import { formatAbsolute, formatDuration } from "../../format/time.ts";
import { Coin } from "../bundle/coin.tsx";
import { useCredit } from "../bundle/credit-box.tsx";
import { LegGraph } from "../bundle/leg-graph.tsx";
import { legElementId, LegList } from "../bundle/leg-list.tsx";
import { Pledges } from "../bundle/pledges.tsx";
import { TrialList } from "../bundle/trial-list.tsx";
import { TypedCalls } from "../bundle/typed-calls.ts";
import { useChainTitle } from "../bundle/use-chains.ts";
import { legName, modeWords } from "../bundle/words.ts";
import { previewOf } from "./preview.ts";
import type { How } from "./send-steps.ts";

/** What will be signed: its picture, what it costs, and what is promised, before any wallet opens. */
export function Review({
  built,
  quote,
  typed,
  busy,
  onSign,
  onBack,
}: {
  built: Built;
  /** The functions that its owner wrote. */
  typed: readonly AbiFunction[];
  quote: BundleQuote;
  busy: boolean;
  onSign: (how: How) => void;
  onBack: () => void;
}) {
  const [how, setHow] = useState<How>("relayed");
  const preview = previewOf(built);
  const credit = useCredit();
  const { mode, deadline } = built.bundle;
  return (
    <div className="grid gap-8">
      <Section title={t`What you sign`} aside={modeWords(mode).name}>
        <TypedCalls value={typed}>
          <LegGraph bundle={preview} onPick={openLeg} />
          <div className="mt-5">
            <LegList bundle={preview} />
          </div>
        </TypedCalls>
        <p className="mt-3 text-[0.9375rem] text-ink-2">
          <Trans>
            It ends at the latest on {formatAbsolute(deadline)}. From opening to the end it takes about{" "}
            {formatDuration(quote.seconds)}, with how long attesters wait for these chains.
          </Trans>
        </p>
      </Section>
      <Section title={t`What it costs`}>
        <QuoteTable quote={quote} bundle={built.bundle} shown={preview.shown} />
        {how === "relayed" && credit !== undefined && (
          <p className="mt-2 text-[0.9375rem] text-ink-2">
            {credit < built.bundle.fee ? (
              <Trans>
                You have <Coin wei={credit} /> at the hub; <Coin wei={built.bundle.fee - credit} /> more is
                paid in before you sign.
              </Trans>
            ) : (
              <Trans>
                You have <Coin wei={credit} /> at the hub, which pays the fee.
              </Trans>
            )}
          </p>
        )}
      </Section>
      <Section title={t`What is promised, and what is not`}>
        <Pledges pledges={PLEDGES[mode]} />
      </Section>
      <Choice
        legend={t`Who sends it`}
        value={how}
        onChange={setHow}
        options={[
          {
            value: "relayed",
            label: t`I sign, relayers send`,
            hint: t`One signature. The fee is taken from what you pay in at the hub.`,
          },
          {
            value: "self",
            label: t`I open it myself`,
            hint: t`Your own transactions; relayers still bring the legs.`,
          },
        ]}
      />
      <div className="flex flex-wrap gap-3">
        <Button look="primary" busy={busy} onClick={() => onSign(how)}>
          {how === "relayed" ? t`Sign it` : t`Open it`}
        </Button>
        <Button onClick={onBack}>{t`Change something`}</Button>
      </div>
    </div>
  );
}

function QuoteTable({
  quote,
  bundle,
  shown,
}: {
  quote: BundleQuote;
  bundle: Built["bundle"];
  shown: ReturnType<typeof previewOf>["shown"];
}) {
  const title = useChainTitle();
  const { fee } = bundle;
  const isEscrowed = bundle.mode === "escrowed";
  const failing = quote.legs.filter(({ fails }) => fails !== null);
  return (
    <>
      {failing.length > 0 && (
        <div
          role="alert"
          className={`mb-4 rounded-md border p-3 text-[0.9375rem] ${isEscrowed ? "border-gold/60 bg-gold-wash" : "border-bad/40 bg-bad-wash"}`}
        >
          <p className="font-semibold">
            {isEscrowed
              ? t`What is missing until all can be held`
              : t`As things stand it would not run through.`}
          </p>
          <TrialList failing={failing} shown={shown} />
          {isEscrowed && <p className="mt-1 text-sm">{t`For what is yours the next steps ask you.`}</p>}
        </div>
      )}
      <dl className="grid max-w-[34rem] grid-cols-[minmax(0,1fr)_auto] gap-x-6 gap-y-1 text-[0.9375rem]">
        {quote.legs.map(({ place, chainId, callGas, gasAlone }) => (
          <Row key={place} name={t`${legName(place)} on ${title(chainId)}`}>
            {callGas === null || callGas === "0"
              ? t`${whole(gasAlone)} gas`
              : t`${whole(gasAlone)} gas, ${whole(callGas)} of it the call`}
          </Row>
        ))}
        <Row name={t`Opening and deciding at the hub`}>{t`${whole(quote.hubGas)} gas`}</Row>
        <Row name={t`What relayers spend on it`}>
          <Coin wei={quote.cost} />
        </Row>
        <Row name={t`Your fee`} strong>
          <Coin wei={fee} />
        </Row>
      </dl>
      {fee < BigInt(quote.cost) && (
        <p className="mt-2 text-sm font-medium text-gold">
          <Trans>
            This is less than relayers spend. They may leave it, and then you have to bring it yourself.
          </Trans>
        </p>
      )}
    </>
  );
}

const whole = (gas: string): string => grouped(gas);

function Row({
  name,
  strong = false,
  children,
}: {
  name: string;
  strong?: boolean;
  children: React.ReactNode;
}) {
  const look = strong ? "border-t border-rule pt-1.5 font-semibold" : "";
  return (
    <>
      <dt className={strong ? look : "text-ink-2"}>{name}</dt>
      <dd className={`num text-right ${look}`}>{children}</dd>
    </>
  );
}

function openLeg(place: number): void {
  const details = document.querySelector<HTMLDetailsElement>(`#${legElementId(place)}`);
  if (details) details.open = true;
  details?.scrollIntoView({ block: "center" });
}
