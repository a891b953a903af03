import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { sameAddress } from "@sooth/kernel";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, type Approval, type Relabelling } from "../../api.ts";
import { announce } from "../../components/announcer.tsx";
import { Button } from "../../components/button.tsx";
import { Hash } from "../../components/hash.tsx";
import { CheckIcon, CrossIcon } from "../../components/icons.tsx";
import { Failure } from "../../components/states.tsx";
import { TimeAgo } from "../../components/time.tsx";
import { formatPercent } from "../../format/amount.ts";
import { shortHex } from "../../format/hex.ts";
import { relabellingQuery } from "../../queries.ts";
import { placeOf, rejectionWords } from "../opinion/label-words.ts";
import { stanceWords } from "../opinion/stance.ts";
import { SignInButton } from "../session/sign-in-button.tsx";
import { useSession } from "../session/use-session.ts";
import { useWalletNames } from "../wallet/use-wallet-names.ts";
import { useWallet } from "../wallet/wallet-context.tsx";

/** What this deployment's own analysts say of the same opinions, where a member asked, against each provider's labels. */
export function Relabelled({ approval }: { approval: Approval }) {
  const { market } = approval;
  const relabelling = useQuery(relabellingQuery(market));
  const wallet = useWallet();
  const account = wallet.account?.address;
  const isMember =
    account !== undefined &&
    approval.committee?.members.some((member) => sameAddress(member, account)) === true;
  const { data } = relabelling;
  if (!data || (data.state === "none" && !(data.offered && isMember))) return null;
  return (
    <section className="min-w-0" aria-label={t`Labelled again`}>
      <h3 className="label mb-1">{t`Labelled again by this deployment`}</h3>
      <p className="mb-3 max-w-[68ch] text-[0.9375rem] text-ink-2">
        <Trans>
          The analysts of this deployment read the same opinions once more. It changes nothing of what
          providers reported: it shows where their labels are not found again.
        </Trans>
      </p>
      <Outcome relabelling={data} />
      {isMember && data.offered && data.state !== "done" && (
        <LabelAgain market={market} running={data.state === "running"} />
      )}
    </section>
  );
}

function LabelAgain({ market, running }: { market: string; running: boolean }) {
  const { address } = useSession();
  const client = useQueryClient();
  const ask = useMutation({
    mutationFn: () => api.relabelMarket({ id: market }),
    onSuccess: (begun) => {
      client.setQueryData(relabellingQuery(market).queryKey, begun);
      announce(t`Opinions are being labelled again`);
    },
  });
  if (address === undefined)
    return (
      <div>
        <p className="mb-2 text-[0.9375rem] text-ink-2">{t`Members who are signed in can have it done.`}</p>
        <SignInButton />
      </div>
    );
  return (
    <div className="grid justify-items-start gap-3">
      <Button
        busy={ask.isPending || running}
        onClick={() => ask.mutate()}
      >{t`Label the opinions again`}</Button>
      {ask.error && <Failure error={ask.error} />}
    </div>
  );
}

function Outcome({ relabelling }: { relabelling: Relabelling }) {
  const names = useWalletNames();
  const { state, failure, comes, askedBy, askedAt, opinions, noText, against } = relabelling;
  if (state === "none") return null;
  if (state === "running")
    return (
      <p className="mb-3" role="status">
        {plural(opinions, { one: "Labelling # opinion…", other: "Labelling # opinions…" })}
      </p>
    );
  if (failure)
    return (
      <p className="mb-3 text-bad" role="alert">
        <Trans>
          They could not be labelled again: {failure.message} ({failure.code})
        </Trans>
      </p>
    );
  if (!comes) return null;
  return (
    <div className="grid gap-3">
      <p className="text-[0.9375rem]" role="status">
        <Trans>
          Score <b className="num">{comes.score}</b>, confidence{" "}
          <b className="num">{formatPercent(comes.confidence)}</b>, by{" "}
          {comes.analysts.map(({ analyst, model }) => `${analyst} (${model})`).join(", ")}.
        </Trans>{" "}
        {noText > 0 &&
          plural(noText, {
            one: "# opinion has no text here and counts for nothing.",
            other: "# opinions have no text here and count for nothing.",
          })}
        {askedBy !== null && askedAt !== null && (
          <span className="block text-sm text-ink-2">
            <Trans>
              Asked for by <Hash value={askedBy} name={names(askedBy)} /> <TimeAgo at={askedAt} />
            </Trans>
          </span>
        )}
      </p>
      <ul className="divide-y divide-rule" aria-label={t`Against each provider’s labels`}>
        {against.map((sheet) => (
          <Against key={sheet.cid} sheet={sheet} />
        ))}
      </ul>
    </div>
  );
}

type Sheet = Relabelling["against"][number];

function Against({ sheet }: { sheet: Sheet }) {
  const names = useWalletNames();
  const { signers, complaint, score, differing, opinions, analysts } = sheet;
  const who = signers.map((signer) => names(signer) ?? shortHex(signer)).join(", ");
  return (
    <li className="grid gap-2 py-2.5 text-[0.9375rem]">
      <p className="flex flex-wrap items-center gap-x-3">
        <span className="min-w-0 break-words">{who}</span>
        <b className="num">{score ?? "–"}</b>
        {complaint !== null ? (
          <span className="flex items-center gap-1.5 text-bad">
            <CrossIcon /> {complaint}
          </span>
        ) : differing === 0 ? (
          <span className="flex items-center gap-1.5 text-accent">
            <CheckIcon /> {t`every label is found again`}
          </span>
        ) : (
          <span className="text-gold">
            {plural(differing, { one: "# opinion differs", other: "# opinions differ" })}
          </span>
        )}
      </p>
      {analysts.map(({ analyst, model, against, isSame, compared }) => (
        <p key={analyst} className="text-sm text-ink-2">
          {against === null
            ? t`${analyst} (${model}): nothing to compare with`
            : isSame
              ? t`${analyst} (${model}), the same model: ${compared} compared`
              : t`${analyst} (${model}) with ${against.analyst} (${against.model}), another model: ${compared} compared`}
        </p>
      ))}
      {opinions.length > 0 && (
        <details>
          <summary className="cursor-pointer text-sm font-semibold text-accent">{t`Opinion by opinion`}</summary>
          <ul className="mt-2 divide-y divide-rule text-sm">
            {opinions.map(({ owner, analyst, ours, theirs }) => (
              <li key={`${owner} ${analyst}`} className="grid gap-x-4 gap-y-1 py-2 sm:grid-cols-3">
                <Hash value={owner} name={names(owner)} />
                <span>{t`here: ${wordsOf(ours)}`}</span>
                <span>{theirs === null ? t`there: no label` : t`there: ${wordsOf(theirs)}`}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </li>
  );
}

function wordsOf(label: Sheet["opinions"][number]["ours"]): string {
  if (!label.keep) return t`does not count, ${rejectionWords(label.reason)}`;
  const place = placeOf(label);
  return t`${place}, ${stanceWords(place)}; quality ${label.quality}`;
}
