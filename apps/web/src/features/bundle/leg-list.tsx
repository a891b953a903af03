import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import { escrowPartiesOf } from "@sooth/bundles/core";
import type { ReactNode } from "react";
import type { BundleDetail, LegShown, WireLeg } from "../../api.ts";
import { grouped } from "../../format/amount.ts";
import { Hash } from "../../components/hash.tsx";
import { TimeAgo } from "../../components/time.tsx";
import { useWalletNames } from "../wallet/use-wallet-names.ts";
import { useCoinWords } from "./coin.tsx";
import { useKnownCall, useTokenWords } from "./leg-deed.tsx";
import { LegMark } from "./leg-mark.tsx";
import { useChainTitle } from "./use-chains.ts";
import { legLook, legName, legNames } from "./words.ts";

export const legElementId = (place: number): string => `leg-${place + 1}`;

const KINDS: Record<WireLeg["kind"], MessageDescriptor> = {
  shared: msg`A call, from the contract that everybody’s legs are called from`,
  account: msg`A call from the owner’s own account`,
  value: msg`Value alone`,
  escrow: msg`Tokens held in the escrow`,
  participant: msg`A contract that holds and finishes by itself`,
};

/** All that is known of each leg: what it is, byte for byte, and what became of it. */
export function LegList({ bundle }: { bundle: Pick<BundleDetail, "mode" | "shown"> }) {
  const title = useChainTitle();
  return (
    <div className="divide-y divide-rule border-b border-rule">
      {bundle.shown.map((part) => (
        <details key={part.place} id={legElementId(part.place)} className="group py-1">
          <summary className="flex min-h-11 flex-wrap items-center justify-between gap-x-4 py-1">
            <span>
              <b>{legName(part.place)}</b>
              {part.chainId !== null && <span className="text-ink-2">, {title(part.chainId)}</span>}
            </span>
            <LegMark
              look={legLook(part, {
                isEscrowed: bundle.mode === "escrowed",
                undoes: (part.leg?.undoes ?? null) !== null,
              })}
              className="text-sm"
            />
          </summary>
          <div className="grid gap-4 pt-1 pb-4">
            {part.leg ? (
              <Terms leg={part.leg} />
            ) : (
              <p className="text-[0.9375rem] text-ink-2">
                {t`Its owner shows it to relayers alone until it runs. What was signed is its hash.`}
              </p>
            )}
            <Became part={part} />
          </div>
        </details>
      ))}
    </div>
  );
}

function Rows({ children }: { children: ReactNode }) {
  return (
    <dl className="grid gap-x-5 gap-y-1.5 text-[0.9375rem] sm:grid-cols-[9rem_minmax(0,1fr)]">{children}</dl>
  );
}
function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-2 max-sm:mt-1.5 max-sm:text-sm">{name}</dt>
      <dd className="num min-w-0 wrap-anywhere">{children}</dd>
    </>
  );
}

function Terms({ leg }: { leg: WireLeg }) {
  const known = useKnownCall(leg);
  const names = useWalletNames();
  const amount = useTokenWords(leg.kind === "escrow" ? leg : undefined);
  const coin = useCoinWords();
  const parties = leg.kind === "escrow" ? escrowPartiesOf({ data: leg.data as `0x${string}` }) : null;
  const isHeld = leg.kind === "escrow" || leg.kind === "participant";
  return (
    <Rows>
      <Row name={t`Kind`}>{i18n._(KINDS[leg.kind])}</Row>
      {parties ? (
        <>
          <Row name={t`Amount`}>{amount(leg.value)}</Row>
          <Row name={t`Token`}>
            <Hash value={leg.target} whole />
          </Row>
          <Row name={t`Paid by`}>
            <Hash value={parties.payer} name={names(parties.payer)} whole />
          </Row>
          <Row name={t`Paid to`}>
            <Hash value={parties.recipient} name={names(parties.recipient)} whole />
          </Row>
        </>
      ) : (
        <>
          <Row name={leg.kind === "value" ? t`To` : t`Target`}>
            <Hash value={leg.target} name={names(leg.target)} whole />
          </Row>
          {!isHeld && <Row name={t`Value`}>{coin(leg.value, leg.chainId)}</Row>}
          <Row name={t`Gas`}>{grouped(String(leg.gasLimit))}</Row>
        </>
      )}
      {known && (
        <Row name={t`Call`}>
          <code className="font-mono text-sm">{known.name}</code>, {i18n._(known.contract)}
          <ul className="mt-1 grid gap-0.5 text-sm">
            {known.args.map(({ name, value }) => (
              <li key={name}>
                <span className="text-ink-2">{name}:</span> <span dir="auto">{value}</span>
              </li>
            ))}
          </ul>
        </Row>
      )}
      {!parties && leg.data !== "0x" && (
        <Row name={t`Calldata`}>
          <code className="font-mono text-xs">{leg.data}</code>
        </Row>
      )}
      <Wants leg={leg} />
    </Rows>
  );
}

function Wants({ leg }: { leg: WireLeg }) {
  return (
    <>
      {leg.undoes !== null && <Row name={t`Undoes`}>{legNames([leg.undoes])}</Row>}
      {leg.needsOk.length > 0 && <Row name={t`Runs after`}>{legNames(leg.needsOk)}</Row>}
      {leg.needsFailed.length > 0 && <Row name={t`Runs if failed`}>{legNames(leg.needsFailed)}</Row>}
      {leg.needsSettled.length > 0 && <Row name={t`Waits for`}>{legNames(leg.needsSettled)}</Row>}
      {leg.splices.length > 0 && (
        <Row name={t`Takes`}>
          {leg.splices.map(({ from, source, length, target }) => (
            <span key={target} className="block">
              {t`bytes ${source} to ${source + length} of what ${legNames([from])} returned, at byte ${target}`}
            </span>
          ))}
        </Row>
      )}
      {leg.conditions.length > 0 && (
        <Row name={t`Only if`}>
          {leg.conditions.map((one) => (
            <span key={`${one.from}-${one.source}-${one.comparison}`} className="block">
              {conditionWords(one)}
            </span>
          ))}
        </Row>
      )}
    </>
  );
}

function conditionWords({ from, source, comparison, value }: WireLeg["conditions"][number]): string {
  const leg = legNames([from]);
  switch (comparison) {
    case "equal":
      return t`the number at byte ${source} of what ${leg} returned is to equal ${value}`;
    case "at_least":
      return t`the number at byte ${source} of what ${leg} returned is to be at least ${value}`;
    case "at_most":
      return t`the number at byte ${source} of what ${leg} returned is to be at most ${value}`;
  }
}

function Became({ part }: { part: LegShown }) {
  const names = useWalletNames();
  const title = useChainTitle();
  const coin = useCoinWords();
  return (
    <Rows>
      {part.hash !== null && (
        <Row name={t`Hash`}>
          <Hash value={part.hash} what={t`hash`} />
        </Row>
      )}
      {part.failures > 0 && <Row name={t`Failed tries`}>{part.failures}</Row>}
      {part.returned !== null && part.returned !== "0x" && (
        <Row name={t`Returned`}>
          <code className="font-mono text-xs">{part.returned}</code>
        </Row>
      )}
      {part.relayer !== null && BigInt(part.relayer) !== 0n && (
        <Row name={t`Brought by`}>
          <Hash value={part.relayer} name={names(part.relayer)} />
        </Row>
      )}
      {part.transaction !== null && (
        <Row name={t`Transaction`}>
          <Hash value={part.transaction} what={t`transaction`} />
          {part.chainId !== null && part.block !== null && (
            <span className="text-sm text-ink-2"> {t`in block ${part.block} of ${title(part.chainId)}`}</span>
          )}
          {part.at !== null && (
            <>
              {", "}
              <TimeAgo at={part.at} className="text-sm text-ink-2" />
            </>
          )}
        </Row>
      )}
      {part.gasUsed !== null && (
        <Row name={t`Gas of it`}>
          {grouped(part.gasUsed)}
          {part.cost !== null && (
            <span className="text-ink-2">, {coin(part.cost, part.chainId ?? undefined)}</span>
          )}
        </Row>
      )}
    </Rows>
  );
}
