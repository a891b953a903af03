import { i18n } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { isHidden, mostAt, MOST_CHARACTERS, opinionComplaint } from "@sooth/markets/core";
import { type Amount as Units, at as elementAt } from "@sooth/kernel";
import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import type { OpinionMarket } from "../../api.ts";
import { useNow } from "../../clock.ts";
import { Button } from "../../components/button.tsx";
import { LongTextField } from "../../components/field.tsx";
import { Amount } from "../../components/figures.tsx";
import { Skeleton } from "../../components/states.tsx";
import { Countdown } from "../../components/time.tsx";
import { formatAmount } from "../../format/amount.ts";
import { characters } from "../../format/room.ts";
import { useNetwork } from "../../shell/use-network.ts";
import { Broken, PartForm } from "../parts/part-form.tsx";
import { usePart } from "../parts/use-part.ts";
import { AmountPart, readStake } from "../stake/amount-part.tsx";
import { SendPart } from "../stake/send-part.tsx";
import { useSteps } from "../steps/use-steps.ts";
import { useBalance } from "../wallet/use-balance.ts";
import { useWallet } from "../wallet/wallet-context.tsx";
import { forgetHalf, type Half, keepHalf, readHalf } from "./half-written.ts";
import { type OpinionOrder, opinionSteps } from "./opinion-steps.ts";
import { MIDDLE_BAND, stanceWords } from "./stance.ts";
import { StanceInput } from "./stance-dial.tsx";
import { WouldCount } from "./would-count.tsx";

const QUICK = ["1", "5", "10"];
const NAMES = [msg`Amount`, msg`Opinion`, msg`Stance`, msg`Sign`];
const [AMOUNT, OPINION, STANCE] = [0, 1, 2];
const TITLES = [msg`How much you stake`, msg`What you say`, msg`Where you stand`, msg`Look it over and sign`];

// The curve and all that is told from it come once somebody has begun: who only reads the page needs none of it.
const loadOutlook = () => import("./outlook.tsx");
const Outlook = lazy(async () => ({ default: (await loadOutlook()).Outlook }));
const OpinionReview = lazy(async () => ({ default: (await loadOutlook()).OpinionReview }));

/** Where an opinion is written: the amount, the text, the stance with what it pays at every score, and one signature under it all. */
export function OpinionBox({ market }: { market: OpinionMarket }) {
  const { collateral, keeper } = useNetwork();
  const wallet = useWallet();
  const balance = useBalance();
  const now = useNow();
  const client = useQueryClient();
  const steps = useSteps();
  const [half, setHalf] = useState<Half>(
    () => readHalf(market.id) ?? { typed: "5", text: "", band: MIDDLE_BAND },
  );
  const place = usePart();
  const { part, go } = place;
  const [triedIn, setTriedIn] = useState<number>();
  const [ownGas, setOwnGas] = useState(false);
  const { terms } = market;
  const { typed, text, band } = half;
  const set = (change: Partial<Half>) => {
    const next = { ...half, ...change };
    setHalf(next);
    keepHalf(market.id, next);
  };
  const account = wallet.account;
  const most = mostAt(
    {
      closesAt: terms.closesAt,
      quietSeconds: terms.quietSeconds,
      quietMost: BigInt(terms.quietMost) as Units,
      mostStake: BigInt(terms.mostStake) as Units,
    },
    now,
  );
  const money = readStake(typed, { least: BigInt(terms.leastStake), most, balance, ...collateral });
  const room = BigInt(market.room);
  const beyond =
    money.amount !== undefined && money.amount > room
      ? t`Only ${formatAmount(room, collateral.decimals)} ${collateral.symbol} more may be staked here: the answer secures no more.`
      : undefined;
  const problems = [money.problem ?? beyond, wordingProblem(text)];
  const blocking = problems[part];
  const tried = triedIn === part;
  const broken = problems.findIndex((problem) => problem !== undefined);
  const amount = money.amount as Units | undefined;
  const hidden = isHidden(terms);

  const sign = () => {
    if (!account) {
      wallet.ask();
      return;
    }
    if (amount === undefined || broken >= 0) return;
    const { closesAt } = terms;
    const order: OpinionOrder = {
      market: market.id,
      hidden,
      closesAt,
      text,
      band,
      amount,
      ownGas,
      ...collateral,
    };
    void steps.runPrepared({
      title: t`Prepare the opinion`,
      prepare: () => opinionSteps(wallet, order, account.address),
      onDone: () => {
        forgetHalf(market.id);
        for (const key of ["opinion-market", "opinion-markets", "wallet-opinions", "balance"])
          void client.invalidateQueries({ queryKey: [key] });
      },
    });
  };
  const next = () => {
    if (part > STANCE) {
      sign();
      return;
    }
    void loadOutlook();
    setTriedIn(blocking === undefined ? undefined : part);
    if (blocking === undefined) go(part + 1);
  };

  return (
    <div className="panel p-4 sm:p-5">
      <div className="mb-4 flex items-baseline justify-between gap-3">
        <h2 className="font-bold">{t`Your opinion`}</h2>
        <p className="text-sm text-ink-2">
          <Trans>
            closes in <Countdown at={terms.closesAt} past={t`a moment`} className="font-semibold text-ink" />
          </Trans>
        </p>
      </div>
      <PartForm
        names={NAMES.map((name) => i18n._(name))}
        title={i18n._(elementAt(TITLES, part))}
        place={place}
        complaint={tried ? blocking : undefined}
        onNext={next}
        held={steps.preparing || steps.running}
        within
      >
        {part === AMOUNT && (
          <AmountPart
            value={typed}
            onValue={(value) => set({ typed: value })}
            quick={QUICK}
            balance={balance}
            error={tried || amount !== undefined ? problems[AMOUNT] : undefined}
            hint={
              <Trans>
                From <Amount value={terms.leastStake} {...collateral} /> to{" "}
                <Amount value={most < room ? most : room} {...collateral} />; one opinion an address.
              </Trans>
            }
          />
        )}
        {part === OPINION && (
          <>
            <LongTextField
              label={t`What do you think, and why?`}
              rows={7}
              room={characters(MOST_CHARACTERS)}
              value={text}
              onChange={(event) => set({ text: event.target.value })}
              error={tried ? blocking : undefined}
              hint={t`Graded for clarity, insight, reasoning and originality. Anybody can read it, for good.`}
            />
            <WouldCount statement={market.statement} text={text} />
          </>
        )}
        {part === STANCE && (
          <div className="grid gap-5">
            <StanceInput band={band} onBand={(to) => set({ band: to })} />
            {hidden && (
              <p className="text-sm text-ink-2">
                {keeper.tells ? (
                  <Trans>
                    Locked in this browser until the market closes: before that this server cannot read it
                    either. Then anybody can open it, and this server does, so you need not come back.
                  </Trans>
                ) : (
                  <Trans>
                    Nobody tells hidden stances here after closing, and one that is not told costs the whole
                    stake: this server takes none.
                  </Trans>
                )}
              </p>
            )}
            {amount !== undefined && amount > 0n && (
              <Suspense fallback={<Skeleton lines={6} />}>
                <Outlook market={market} band={band} amount={amount} />
              </Suspense>
            )}
          </div>
        )}
        {part > STANCE &&
          (amount !== undefined && (broken < 0 || steps.views.length > 0) ? (
            <div className="grid gap-5">
              <Suspense fallback={<Skeleton lines={9} />}>
                <OpinionReview market={market} band={band} amount={amount} text={text} />
              </Suspense>
              <SendPart
                label={account ? t`Stake on “${stanceWords(band * 5)}”` : t`Connect a wallet to take part`}
                steps={steps}
                done={t`Your opinion is on the chain.`}
                ownGas={ownGas}
                onOwnGas={setOwnGas}
              />
              {steps.views.length === 0 && !steps.preparing && (
                <Button onClick={() => go(STANCE)}>{t`Back`}</Button>
              )}
            </div>
          ) : (
            <Broken
              problem={problems[broken]}
              onMend={() => {
                setTriedIn(broken);
                go(broken);
              }}
            />
          ))}
      </PartForm>
    </div>
  );
}

function wordingProblem(text: string): string | undefined {
  if (text.trim() === "") return t`Write your opinion first.`;
  return opinionComplaint(text) ?? undefined;
}
