import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { sameAddress } from "@sooth/kernel";
import type { Erasure, Opinion } from "../../../api.ts";
import { Button } from "../../../components/button.tsx";
import { Dialog } from "../../../components/dialog.tsx";
import { Failure, Skeleton } from "../../../components/states.tsx";
import { formatDuration } from "../../../format/time.ts";
import { useWallet } from "../../wallet/wallet-context.tsx";
import type { useErasure } from "./use-erasure.ts";
import { Waits } from "./waits.tsx";

/** What erasing does and what it cannot do, before it is signed; afterwards what it waits for. */
export function EraseDialog({
  opinion,
  erasure: { told, ask },
  onClose,
}: {
  opinion: Opinion;
  erasure: ReturnType<typeof useErasure>;
  onClose: () => void;
}) {
  return (
    <Dialog open title={t`Erase my text`} onClose={onClose}>
      {ask.isSuccess && told.data ? (
        <div className="grid gap-3" role="status">
          <Waits request={told.data.request} />
          <Button className="justify-self-start" onClick={onClose}>{t`Close`}</Button>
        </div>
      ) : (
        <div className="grid gap-4">
          <ul className="grid list-disc gap-2 pl-5 text-[0.9375rem] marker:text-rule-2">
            <li>
              <Trans>
                <b>What goes:</b> your words, from this server and from the stores where it had them kept,
                with what was summed up from them.
              </Trans>
            </li>
            <li>
              <Trans>
                <b>What stays:</b> your stake, your stance and the hash of the text, which are on the chain
                for good, and what analysts noted of it. No words can be read from a hash; who has them can
                show that they were yours.
              </Trans>
            </li>
            <li>
              <Trans>
                <b>When:</b> in two hours at the earliest, and once every market has ended that somebody
                staked on with this text by then. Until then it is read and judged, and you can change your
                mind.
              </Trans>
            </li>
            <li>
              <Trans>
                <b>Copies elsewhere</b> cannot be called back: what others saved or stored themselves stays
                with them.
              </Trans>
            </li>
            <li>
              <Trans>
                Once you ask, this server takes no stake with these very words, yours or anybody’s.
              </Trans>
            </li>
          </ul>
          {told.data ? (
            <Ask told={told.data} opinion={opinion} ask={ask} />
          ) : told.error ? (
            <Failure error={told.error} retry={() => void told.refetch()} />
          ) : (
            <Skeleton lines={1} />
          )}
        </div>
      )}
    </Dialog>
  );
}

/** The button, or why there is none: nobody signs what would be refused. */
function Ask({
  told: { author, young },
  opinion: { owner },
  ask,
}: {
  told: Erasure;
  opinion: Opinion;
  ask: ReturnType<typeof useErasure>["ask"];
}) {
  const { ready } = useWallet();
  if (author === null || !sameAddress(author, owner))
    return (
      <p className="font-semibold" role="status">
        <Trans>
          Somebody else staked with these very words first, and only who did has them erased here. If they are
          yours, ask whoever runs this server.
        </Trans>
      </p>
    );
  if (young > 0)
    return (
      <p className="font-semibold" role="status">
        <Trans>
          These words came here less than two hours ago. You can ask for this in {formatDuration(young)}.
        </Trans>
      </p>
    );
  return (
    <>
      {ask.error && <Failure error={ask.error} />}
      <Button look="primary" busy={ask.isPending || !ready} onClick={() => ask.mutate()}>
        {ask.isPending ? t`Confirm in your wallet…` : t`Sign and have it erased`}
      </Button>
      <p className="text-sm text-ink-3">{t`It sends no transaction and costs nothing.`}</p>
    </>
  );
}
