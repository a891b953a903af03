import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { differingLabels, stanceOf } from "@sooth/markets/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "../../components/button.tsx";
import { Amount } from "../../components/figures.tsx";
import { Hash } from "../../components/hash.tsx";
import { contentQuery } from "../../queries.ts";
import { useNetwork } from "../../shell/use-network.ts";
import { placeOf, rejectionWords } from "../opinion/label-words.ts";
import { type Judged, positionsOf, type SheetPosition, type Voice, voicesOf } from "../opinion/sheets.ts";
import { stanceColor, stanceWords } from "../opinion/stance.ts";
import { useWalletNames } from "../wallet/use-wallet-names.ts";

const SHOWN = 5;

/** What every analyst of every provider says of each opinion, side by side; where they differ stands first. */
export function Labels({ judged }: { judged: readonly Judged[] }) {
  const [shown, setShown] = useState(SHOWN);
  const voices = voicesOf(judged);
  const differing = differingLabels(judged.flatMap(({ sheet }) => (sheet ? [sheet] : [])));
  const positions = positionsOf(judged, differing);
  if (positions.length === 0) return null;
  return (
    <>
      <ol className="divide-y divide-rule" aria-label={t`Opinions and their labels`}>
        {positions.slice(0, shown).map((position) => (
          <Row
            key={position.owner}
            position={position}
            voices={voices}
            differs={differing.has(position.owner)}
          />
        ))}
      </ol>
      {positions.length > shown && (
        <Button size="small" className="mt-3" onClick={() => setShown(shown + 4 * SHOWN)}>
          <Trans>Show more of {positions.length} opinions</Trans>
        </Button>
      )}
    </>
  );
}

function Row({
  position,
  voices,
  differs,
}: {
  position: SheetPosition;
  voices: readonly Voice[];
  differs: boolean;
}) {
  const { collateral } = useNetwork();
  const names = useWalletNames();
  const text = useQuery(contentQuery(position.opinion)).data;
  const stance = stanceOf(position.band);
  return (
    <li className="grid gap-2 py-3">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-ink-2">
        <Hash value={position.owner} name={names(position.owner)} />
        <span
          className="num rounded-full px-2 text-xs font-semibold text-ink"
          style={{ background: `color-mix(in oklab, ${stanceColor(stance)} 35%, transparent)` }}
        >
          {stance}, {stanceWords(stance)}
        </span>
        <Amount value={position.staked} decimals={collateral.decimals} symbol={collateral.symbol} />
        {differs && <b className="text-gold">{t`Analysts disagree`}</b>}
      </p>
      {text !== undefined && (
        <p className="line-clamp-4 max-w-[68ch] whitespace-pre-line" dir="auto">
          {text ?? t`The text is not kept here.`}
        </p>
      )}
      <ul className="grid gap-2 sm:grid-cols-[repeat(auto-fill,minmax(13rem,1fr))]" aria-label={t`Labels`}>
        {voices.map((voice) => (
          <Cell key={voice.id} voice={voice} owner={position.owner} />
        ))}
      </ul>
    </li>
  );
}

/** One analyst's label of one opinion. */
function Cell({ voice, owner }: { voice: Voice; owner: string }) {
  const label = voice.byOwner.get(owner);
  const { name, providers } = voice;
  return (
    <li className="min-w-0 rounded-md bg-sunken px-3 py-2 text-sm">
      <p className="text-ink-2">
        <span className="break-words">{name}</span>,{" "}
        {plural(providers, { one: "# provider", other: "# providers" })}
      </p>
      {label === undefined ? (
        <p>{t`no label`}</p>
      ) : label.keep ? (
        <p>
          <Trans>
            <b className="num">{placeOf(label)}</b>, {stanceWords(placeOf(label))}; quality{" "}
            <b className="num">{label.quality}</b>
          </Trans>
        </p>
      ) : (
        <p>
          <b className="text-bad">{t`Does not count`}</b>: {rejectionWords(label.reason)}
        </p>
      )}
    </li>
  );
}
