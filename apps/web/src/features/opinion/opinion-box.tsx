import { isHidden, mostAt, MOST_CHARACTERS, opinionComplaint, payCurve } from "@sooth/markets/core";
import type { Amount as Units } from "@sooth/kernel";
import { useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import type { OpinionMarket } from "../../api.ts";
import { PayCurve } from "../../charts/pay-curve.tsx";
import { useNow } from "../../clock.ts";
import { LongTextField } from "../../components/field.tsx";
import { Amount } from "../../components/figures.tsx";
import { Countdown } from "../../components/time.tsx";
import { characters } from "../../format/room.ts";
import { useNetwork } from "../../shell/use-network.ts";
import { AmountPart, readStake } from "../stake/amount-part.tsx";
import { SendPart } from "../stake/send-part.tsx";
import { useSteps } from "../steps/use-steps.ts";
import { useBalance } from "../wallet/use-balance.ts";
import { useWallet } from "../wallet/wallet-context.tsx";
import { type OpinionOrder, opinionSteps } from "./opinion-steps.ts";
import { sharesOfTerms, totalsOfBands } from "./recompute.ts";
import { MIDDLE_BAND, stanceWords } from "./stance.ts";
import { StanceInput } from "./stance-dial.tsx";

const QUICK = ["1", "5", "10"];

/** Where an opinion is written: the text, the stance, the amount, what it pays at every score, one signature. */
export function OpinionBox({ market }: { market: OpinionMarket }) {
  const { collateral } = useNetwork();
  const wallet = useWallet();
  const balance = useBalance();
  const now = useNow();
  const client = useQueryClient();
  const steps = useSteps();
  const [text, setText] = useState("");
  const [band, setBand] = useState(MIDDLE_BAND);
  const [typed, setTyped] = useState("5");
  const [tried, setTried] = useState(false);
  const [ownGas, setOwnGas] = useState(false);
  const { terms } = market;
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
  const wording = wordingProblem(text);
  const hidden = isHidden(terms);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!account) {
      wallet.ask();
      return;
    }
    if (money.amount === undefined || money.problem !== undefined || wording !== undefined) return;
    const { closesAt } = terms;
    const order: OpinionOrder = {
      market: market.id,
      hidden,
      closesAt,
      text,
      band,
      amount: money.amount,
      ownGas,
      ...collateral,
    };
    void steps.runPrepared({
      title: "Prepare the opinion",
      prepare: () => opinionSteps(wallet, order, account.address),
      onDone: () => {
        for (const key of ["opinion-market", "opinion-markets", "wallet-opinions", "balance"])
          void client.invalidateQueries({ queryKey: [key] });
      },
    });
  };

  return (
    <form className="panel grid gap-5 p-4 sm:p-5" onSubmit={submit} noValidate>
      <div className="flex items-baseline justify-between gap-3">
        <h2 className="font-bold">Your opinion</h2>
        <p className="text-sm text-ink-2">
          closes in <Countdown at={terms.closesAt} past="a moment" className="font-semibold text-ink" />
        </p>
      </div>
      <LongTextField
        label="What do you think, and why?"
        rows={5}
        room={characters(MOST_CHARACTERS)}
        value={text}
        onChange={(event) => setText(event.target.value)}
        error={tried ? wording : undefined}
        hint="Graded for clarity, insight, reasoning and originality. Anybody can read it, for good."
      />
      <div>
        <StanceInput band={band} onBand={setBand} />
        {hidden && (
          <p className="mt-2 text-sm text-ink-2">
            Locked in this browser until the market closes: before that this server cannot read it either.
            Then anybody can open it, and this server does, so you need not come back.
          </p>
        )}
      </div>
      <AmountPart
        value={typed}
        onValue={setTyped}
        quick={QUICK}
        balance={balance}
        error={tried || money.amount !== undefined ? money.problem : undefined}
        hint={
          <>
            From <Amount value={terms.leastStake} {...collateral} /> to{" "}
            <Amount value={most} {...collateral} />; one opinion an address.
          </>
        }
      />
      {money.amount !== undefined && money.amount > 0n && (
        <Outlook market={market} band={band} amount={money.amount as Units} />
      )}
      <SendPart
        label={account ? `Stake on “${stanceWords(band * 5)}”` : "Connect a wallet to take part"}
        steps={steps}
        done="Your opinion is on the chain."
        ownGas={ownGas}
        onOwnGas={setOwnGas}
      />
    </form>
  );
}

/** What the stake would be paid at every score with the stakes as they are, exact to the unit. */
function Outlook({ market, band, amount }: { market: OpinionMarket; band: number; amount: Units }) {
  const { collateral } = useNetwork();
  const curve = payCurve(totalsOfBands(market), { band, amount }, sharesOfTerms(market));
  return (
    <div className="min-w-0 border-y border-rule py-3">
      <h3 className="mb-1 text-sm font-semibold">What you get at each score</h3>
      <PayCurve curve={curve} staked={amount} stance={band * 5} start={band * 5} {...collateral} />
      <p className="mt-2 text-sm text-ink-3">
        {isHidden(market.terms) ? (
          market.hidden.opinions === 0 ? (
            "Stances here are hidden: those of others will move this curve once they are told. "
          ) : (
            <>
              Stances here are hidden: the {market.hidden.opinions} hidden so far, with{" "}
              <Amount value={market.hidden.staked} {...collateral} /> staked, are not in this curve, and will
              move it once they are told.{" "}
            </>
          )
        ) : (
          "Exact for the stakes as they are now; later ones change it. "
        )}
        {market.terms.prizeBps > 0 && "Prizes are drawn beside it and are not in this figure. "}If the market
        is void you get your stake back.
      </p>
    </div>
  );
}

function wordingProblem(text: string): string | undefined {
  if (text.trim() === "") return "Write your opinion first.";
  return opinionComplaint(text) ?? undefined;
}
