import { t } from "@lingui/core/macro";
import { useEffect, useId, useRef, type ReactNode } from "react";
import { CrossIcon } from "./icons.tsx";

/** The browser's own modal: it traps focus, closes on Escape and makes the page behind it inert. */
export function Dialog({
  open,
  title,
  onClose,
  children,
}: {
  open: boolean;
  title: string;
  onClose: () => void;
  children: ReactNode;
}) {
  const element = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const dialog = element.current;
    if (!dialog || dialog.open === open) return;
    if (open) dialog.showModal();
    else dialog.close();
  }, [open]);
  return (
    // A click on the backdrop lands on the dialog itself; the keyboard has Escape.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <dialog
      ref={element}
      aria-labelledby={titleId}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === element.current) onClose();
      }}
      className="panel m-auto w-[min(27rem,calc(100vw-2rem))] max-h-[calc(100dvh-2rem)] text-ink shadow-2xl"
    >
      {open && (
        <div className="p-5 sm:p-6">
          <div className="mb-4 flex items-start justify-between gap-4">
            <h2 id={titleId} className="text-lg font-semibold">
              {title}
            </h2>
            <button
              type="button"
              onClick={onClose}
              className="-m-2 rounded-md p-2 text-ink-3 hover:bg-sunken hover:text-ink"
            >
              <CrossIcon className="text-xl" />
              <span className="sr-only">{t`Close`}</span>
            </button>
          </div>
          {children}
        </div>
      )}
    </dialog>
  );
}
