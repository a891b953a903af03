import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { sameAddress } from "@sooth/kernel";
import { useCallback, useState } from "react";
import { api, type ProviderDetail } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { Choice, TextField } from "../../components/field.tsx";
import { Amount } from "../../components/figures.tsx";
import { Countdown } from "../../components/time.tsx";
import { useNow } from "../../clock.ts";
import { parseAmount } from "../../format/amount.ts";
import { formatDuration } from "../../format/time.ts";
import { useNetwork } from "../../shell/use-network.ts";
import { DomainPicker } from "./domain-picker.tsx";
import { PreparedDialog } from "./prepared-dialog.tsx";
import { RotateDialog } from "./rotate-dialog.tsx";
import { RunNode } from "./run-node.tsx";

type Act = "seat" | "stake" | "rotate" | "domains" | "juror" | "claim" | "leave" | "withdraw";

/** What the owner of this provider can do. Everybody else only reads. */
export function OwnProvider({ provider }: { provider: ProviderDetail }) {
  const { collateral } = useNetwork();
  const now = useNow();
  const [act, setAct] = useState<Act>();
  const close = useCallback(() => setAct(undefined), []);
  const { owner, state, credit, juror, stakeFreeAt } = provider;
  const active = state === "active";
  const benched = benchedIn(provider);
  const free = state === "unbonding" && stakeFreeAt !== null && now >= stakeFreeAt;
  const button = (name: Act, text: string, disabled = false) => (
    <Button size="small" disabled={disabled} onClick={() => setAct(name)} aria-haspopup="dialog">
      {text}
    </Button>
  );
  return (
    <section className="panel p-4 sm:p-5" aria-labelledby="own-provider">
      <h2 id="own-provider" className="font-bold">{t`This is you`}</h2>
      <p className="mt-1 text-[0.9375rem] text-ink-2">
        {active && t`Your stake is bonded. Leaving takes ${formatDuration(provider.rules.unbondingSeconds)}.`}
        {free && t`Your stake is free: withdraw it.`}
        {state === "unbonding" && stakeFreeAt === null && (
          <Trans>
            You are leaving. Your seat ends with the next epoch;{" "}
            {formatDuration(provider.rules.unbondingSeconds)} later your stake is free.
          </Trans>
        )}
        {state === "unbonding" && stakeFreeAt !== null && !free && (
          <Trans>
            You are leaving. Your stake is free in{" "}
            <Countdown at={stakeFreeAt} past={t`no time`} className="font-semibold text-ink" />.
          </Trans>
        )}
        {state === "withdrawn" && t`You have left, and your stake was paid out. You may join again.`}
      </p>
      <p className="mt-1 text-[0.9375rem]">
        <Trans>
          The oracle holds{" "}
          <b>
            <Amount value={credit} decimals={collateral.decimals} symbol={collateral.symbol} />
          </b>{" "}
          for you.
        </Trans>
      </p>
      <div className="mt-4 flex flex-wrap gap-2">
        {button("claim", t`Pay out earnings`, credit === "0")}
        {active && button("stake", t`Add stake`)}
        {active && benched.length > 0 && button("seat", t`Claim a seat`)}
        {active && button("rotate", t`Change signing key`)}
        {active && button("domains", t`Choose domains`)}
        {active && button("juror", juror ? t`Stop jury duty` : t`Sit on juries`)}
        {active && button("leave", t`Leave`)}
        {state === "unbonding" && button("withdraw", t`Withdraw stake`, !free)}
      </div>
      {active && (
        <details className="mt-4" open={provider.counted === 0}>
          <summary className="w-fit font-semibold text-accent">{t`Run your node`}</summary>
          <div className="mt-3">
            <RunNode saved={sameAddress(provider.signer, owner) ? undefined : provider.signer} />
          </div>
        </details>
      )}
      {act === "stake" && <AddStake provider={provider} onClose={close} />}
      {act === "seat" && <ClaimSeat provider={provider} onClose={close} />}
      {act === "rotate" && <RotateDialog provider={provider} onClose={close} />}
      {act === "domains" && <Domains provider={provider} onClose={close} />}
      {act === "juror" && <JurorDuty provider={provider} onClose={close} />}
      {(act === "claim" || act === "leave" || act === "withdraw") && (
        <Simple act={act} provider={provider} onClose={close} />
      )}
    </section>
  );
}

/** Domains that he serves, and whose next epoch does not seat him. */
const benchedIn = ({ domains, standings }: ProviderDetail): number[] =>
  domains.filter((domain) => !standings.some((standing) => standing.domain === domain && standing.next));

type Part = { provider: ProviderDetail; onClose: () => void };

const SIMPLE = {
  claim: () => ({
    title: t`Pay out earnings`,
    press: t`Pay out`,
    done: t`Your earnings are in your wallet.`,
  }),
  leave: () => ({
    title: t`Leave`,
    press: t`Leave`,
    done: t`You are leaving. Come back for the stake when the clock has run out.`,
  }),
  withdraw: () => ({
    title: t`Withdraw the stake`,
    press: t`Withdraw`,
    done: t`Your stake is in your wallet.`,
  }),
} as const;

function Simple({ act, provider, onClose }: Part & { act: keyof typeof SIMPLE }) {
  const { owner } = provider;
  const ask = { claim: api.prepareEarnings, leave: api.prepareLeave, withdraw: api.prepareWithdraw }[act];
  const prepare = { key: [owner], run: () => ask({ owner }) };
  return (
    <PreparedDialog {...SIMPLE[act]()} rules={provider.rules} prepare={prepare} onClose={onClose}>
      {act === "leave" && (
        <ul className="grid list-disc gap-1 pl-5 text-[0.9375rem]">
          <li>{t`You keep your seat until the next epoch of each domain. Sign until then.`}</li>
          <li>{t`You cannot take this back: to stay, you join again after the stake is free.`}</li>
        </ul>
      )}
    </PreparedDialog>
  );
}

function AddStake({ provider, onClose }: Part) {
  const { collateral } = useNetwork();
  const { owner } = provider;
  const [text, setText] = useState("");
  const amount = read(text, collateral.decimals);
  const prepare = {
    key: [owner, amount ?? ""],
    run: () => api.prepareAddStake({ owner, amount: amount ?? "0" }),
  };
  return (
    <PreparedDialog
      title={t`Add stake`}
      press={t`Add`}
      done={t`Your stake has grown. It weighs more from the next epoch on.`}
      rules={provider.rules}
      prepare={amount === undefined ? undefined : prepare}
      onClose={onClose}
    >
      <TextField
        label={t`Amount`}
        inputMode="decimal"
        autoComplete="off"
        value={text}
        after={collateral.symbol}
        onChange={(event) => setText(event.target.value)}
        error={text !== "" && amount === undefined ? t`Enter an amount above zero.` : undefined}
      />
    </PreparedDialog>
  );
}

function ClaimSeat({ provider, onClose }: Part) {
  const { owner, rules } = provider;
  // As it was when the dialog opened: a seat that is taken leaves the list.
  const [benched] = useState(() => benchedIn(provider));
  const [picked, setPicked] = useState(String(benched[0] ?? 0));
  const prepare = {
    key: [owner, picked],
    run: () => api.prepareSeat({ owner, domain: Number(picked) }),
  };
  return (
    <PreparedDialog
      title={t`Claim a seat`}
      press={t`Take the seat`}
      done={t`The seat is yours from the next epoch on.`}
      rules={rules}
      prepare={prepare}
      onClose={onClose}
    >
      {benched.length > 1 && (
        <Choice
          legend={t`Domain`}
          value={picked}
          onChange={setPicked}
          options={benched.map((domain) => ({ value: String(domain), label: t`Domain ${domain}` }))}
        />
      )}
      <p className="text-[0.9375rem]">
        <Trans>
          A domain has {rules.seatsPerDomain} seats. When all are taken, the smallest stake makes room for a
          larger one: its owner keeps the stake and may claim a seat again. Whoever comes with more stake than
          yours may do the same to you.
        </Trans>
      </p>
    </PreparedDialog>
  );
}

function read(text: string, decimals: number): string | undefined {
  try {
    const amount = parseAmount(text, decimals);
    return amount > 0n ? String(amount) : undefined;
  } catch {
    return undefined; // said beside the field
  }
}

function Domains({ provider, onClose }: Part) {
  const { owner } = provider;
  const [picked, setPicked] = useState<readonly number[]>(provider.domains);
  const changed = picked.join() !== provider.domains.join();
  const prepare = {
    key: [owner, picked.join()],
    run: () => api.prepareDomains({ owner, domains: [...picked] }),
  };
  return (
    <PreparedDialog
      title={t`Choose domains`}
      press={t`Serve these`}
      done={t`Your choice stands on the chain.`}
      rules={provider.rules}
      prepare={changed ? prepare : undefined}
      onClose={onClose}
    >
      <DomainPicker picked={picked} onChange={setPicked} />
    </PreparedDialog>
  );
}

function JurorDuty({ provider, onClose }: Part) {
  const { owner } = provider;
  // As it was when the dialog opened: the page hears of the change before the wallet is done, and must not offer the reverse.
  const [juror] = useState(provider.juror);
  const prepare = { key: [owner], run: () => api.prepareJuror({ owner, willing: !juror }) };
  return (
    <PreparedDialog
      title={juror ? t`Stop jury duty` : t`Sit on juries`}
      press={juror ? t`Stop` : t`Be ready`}
      done={juror ? t`You are drawn no more.` : t`You may be drawn, once your stake has seasoned.`}
      rules={provider.rules}
      prepare={prepare}
      onClose={onClose}
    >
      {juror ? (
        <p className="text-[0.9375rem]">{t`Juries that have drawn you already still expect your vote.`}</p>
      ) : (
        <ul className="grid list-disc gap-1 pl-5 text-[0.9375rem]">
          <li>{t`Jurors are drawn by stake, at random, for disputes in every domain.`}</li>
          <li>{t`Who votes with the outcome shares a part of the lost deposits.`}</li>
          <li>{t`Who is drawn and does not vote, or votes against the outcome, loses a part of the stake.`}</li>
        </ul>
      )}
    </PreparedDialog>
  );
}
