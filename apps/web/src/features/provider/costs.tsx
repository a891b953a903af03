import { plural, t } from "@lingui/core/macro";
import type { PreparedProvider, ProviderRules } from "../../api.ts";
import { Amount } from "../../components/figures.tsx";
import { useNow } from "../../clock.ts";
import { shortHex } from "../../format/hex.ts";
import { formatAbsolute, formatDuration } from "../../format/time.ts";
import { useNetwork } from "../../shell/use-network.ts";

/** What a wallet is about to give, get and wait for: shown before it signs. */
export function Costs({
  prepared,
  rules,
}: {
  prepared: PreparedProvider;
  rules?: ProviderRules | undefined;
}) {
  const { collateral } = useNetwork();
  const now = useNow();
  const { decimals, symbol } = collateral;
  const money = (value: string) => <Amount value={value} decimals={decimals} symbol={symbol} />;
  const rows: { name: string; what: React.ReactNode }[] = [];
  if (prepared.takes !== "0") rows.push({ name: t`Leaves your wallet`, what: money(prepared.takes) });
  if (prepared.pays !== "0") rows.push({ name: t`Comes to your wallet`, what: money(prepared.pays) });
  rows.push({
    name: t`Holds`,
    what:
      prepared.holdsFrom === null || prepared.holdsFrom <= now
        ? prepared.holdsFrom === null
          ? t`at once`
          : t`with the next epoch, which anyone may start now`
        : t`with the next epoch, in ${formatDuration(prepared.holdsFrom - now)} at the earliest`,
  });
  if (rules && prepared.takes !== "0")
    rows.push({
      name: t`To get it back`,
      what: t`leave, then wait ${formatDuration(rules.unbondingSeconds)}. Until then it can be slashed.`,
    });
  if (prepared.freeAt !== null)
    rows.push({
      name: t`Stake is free`,
      what: t`in ${formatDuration(prepared.freeAt - now)}, ${formatAbsolute(prepared.freeAt)}. Until then it can be slashed.`,
    });
  if (prepared.displaces !== null)
    rows.push({ name: t`Whose place it is`, what: t`${shortHex(prepared.displaces)}, the smallest stake` });
  const count = prepared.calls.length;
  if (count > 0)
    rows.push({
      name: t`You sign`,
      what: plural(count, {
        one: "# transaction and pay its gas",
        other: "# transactions and pay their gas",
      }),
    });
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5 border-y border-rule py-3 text-[0.9375rem]">
      {rows.map(({ name, what }) => (
        <div key={name} className="contents">
          <dt className="text-ink-2">{name}</dt>
          <dd className="num text-right font-semibold">{what}</dd>
        </div>
      ))}
    </dl>
  );
}
