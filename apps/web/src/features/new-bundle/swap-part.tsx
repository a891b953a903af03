import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { SelectField, TextField } from "../../components/field.tsx";
import { Amount } from "../../components/figures.tsx";
import { Section } from "../../components/page.tsx";
import { useNetwork } from "../../shell/use-network.ts";
import { chainsOf } from "../bundle/use-chains.ts";
import { FaucetThere } from "../wallet/faucet-there.tsx";
import type { TokenFacts } from "../wallet/wallet-context.tsx";
import type { Problems } from "./build-draft.ts";
import type { Draft, Side } from "./draft.ts";
import { useToken } from "./use-token.ts";

type Props = { draft: Draft; set: (change: Partial<Draft>) => void; problems: Problems };

/** Two people, two rollups: each pays the other, or neither does. */
export function SwapPart({ draft, set, problems }: Props) {
  return (
    <>
      <Section title={t`You give`}>
        <SideFields
          name="gives"
          side={draft.gives}
          problems={problems}
          onChange={(gives) => set({ gives })}
          own
        />
      </Section>
      <Section title={t`You get`}>
        <SideFields
          name="wants"
          side={draft.wants}
          problems={problems}
          onChange={(wants) => set({ wants })}
        />
      </Section>
      <Section title={t`From whom`}>
        <TextField
          label={t`Address of the other side`}
          value={draft.partner}
          onChange={({ target: { value } }) => set({ partner: value })}
          error={problems["partner"]}
          spellCheck={false}
          autoComplete="off"
          className="font-mono text-sm"
          hint={t`Once it is open you send them the link of its page, where they look at every leg and sign.`}
        />
      </Section>
    </>
  );
}

function SideFields({
  name,
  side,
  problems,
  onChange,
  own = false,
}: {
  name: string;
  side: Side;
  problems: Problems;
  onChange: (side: Side) => void;
  own?: boolean;
}) {
  const network = useNetwork();
  const facts = useToken(side);
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <TextField
        label={t`Amount`}
        inputMode="decimal"
        className="num"
        value={side.amount}
        after={facts?.symbol ?? network.collateral.symbol}
        onChange={({ target: { value } }) => onChange({ ...side, amount: value })}
        error={problems[`${name}.amount`]}
      />
      <SelectField
        label={t`On`}
        value={side.chainId}
        onChange={({ target: { value } }) => onChange({ ...side, chainId: value })}
      >
        {chainsOf(network).map(({ chainId, title }) => (
          <option key={chainId} value={chainId}>
            {title}
          </option>
        ))}
      </SelectField>
      <details className="sm:col-span-2" open={problems[`${name}.token`] !== undefined || undefined}>
        <summary className="w-fit text-sm font-semibold text-accent">{t`Another token`}</summary>
        <div className="mt-3">
          <TextField
            label={t`Token`}
            value={side.token}
            onChange={({ target: { value } }) => onChange({ ...side, token: value })}
            error={problems[`${name}.token`]}
            spellCheck={false}
            autoComplete="off"
            className="font-mono text-sm"
            hint={t`Its contract on that chain. Tokens that take a fee, or change balances by themselves, are refused.`}
          />
        </div>
      </details>
      {own && facts?.balance !== undefined && <Purse side={side} facts={facts} />}
    </div>
  );
}

/** What is there to give, and on a local network more of it. */
function Purse({ side, facts }: { side: Side; facts: TokenFacts }) {
  const { hub } = useNetwork();
  return (
    <p className="flex flex-wrap items-center gap-x-3 text-sm text-ink-2 sm:col-span-2">
      <span>
        <Trans>
          You have <Amount value={facts.balance ?? 0n} decimals={facts.decimals} symbol={facts.symbol} />{" "}
          there.
        </Trans>
      </span>
      {hub.local && <FaucetThere chainId={Number(side.chainId)} />}
    </p>
  );
}
