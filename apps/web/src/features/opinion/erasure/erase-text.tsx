import { t } from "@lingui/core/macro";
import { sameAddress } from "@sooth/kernel";
import { useRef, useState } from "react";
import type { Opinion } from "../../../api.ts";
import { Button } from "../../../components/button.tsx";
import { Failure } from "../../../components/states.tsx";
import { EraseDialog } from "./erase-dialog.tsx";
import { useErasure } from "./use-erasure.ts";
import { Waits } from "./waits.tsx";

/** Below one's own opinion: has its text erased, says what that waits for, and takes it back. */
export function EraseText({ opinion }: { opinion: Opinion }) {
  const [open, setOpen] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  const erasure = useErasure(opinion, open);
  const { told, keep } = erasure;
  if (opinion.text === null) return null;
  const request = told.data?.request ?? null;
  // What was just asked for, or taken back, is told by the answer to it; what the list says is a moment older.
  const isAsked = told.data ? request !== null : opinion.erasure === "asked";
  const close = () => {
    setOpen(false);
    // Its button may be gone: the keyboard goes on from here.
    place.current?.focus();
  };
  return (
    <div ref={place} tabIndex={-1} className="mt-2 text-sm outline-none">
      {isAsked ? (
        <div className="grid justify-items-start gap-2 rounded-md border border-rule-2 p-3">
          <Waits request={request} />
          {request !== null && sameAddress(request.owner, opinion.owner) && (
            <Button
              size="small"
              busy={keep.isPending}
              onClick={() => keep.mutate(undefined, { onSuccess: close })}
            >
              {keep.isPending ? t`Confirm in your wallet…` : t`Keep it after all`}
            </Button>
          )}
          {keep.error && <Failure error={keep.error} />}
        </div>
      ) : (
        <button
          type="button"
          aria-haspopup="dialog"
          className="min-h-6 text-ink-2 underline underline-offset-4 hover:text-ink"
          onClick={() => setOpen(true)}
        >
          {t`Erase my text`}
        </button>
      )}
      {open && <EraseDialog opinion={opinion} erasure={erasure} onClose={close} />}
    </div>
  );
}
