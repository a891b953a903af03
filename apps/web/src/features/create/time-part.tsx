import { i18n } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import { chainNow } from "../../clock.ts";
import { Button } from "../../components/button.tsx";
import { TextField } from "../../components/field.tsx";
import { toInputTime } from "../../format/time.ts";
import { isMany } from "./draft.ts";
import type { FormPart } from "./form.ts";

const AHEAD = [
  { label: msg`in 2 min`, seconds: 120 },
  { label: msg`in 10 min`, seconds: 600 },
  { label: msg`in 1 h`, seconds: 3_600 },
  { label: msg`in 1 day`, seconds: 86_400 },
  { label: msg`in 1 week`, seconds: 604_800 },
];

/** The moments of the question and of the market, all by the chain's clock. */
export function TimePart({ draft, set, problems }: FormPart) {
  return (
    <div className="grid gap-6">
      <div>
        <TextField
          label={t`Moment that the answer speaks of (UTC)`}
          type="datetime-local"
          step={1}
          className="num"
          value={draft.observeAt}
          // As long as stakes end at that moment, they go with it.
          onChange={(event) =>
            set({
              observeAt: event.target.value,
              ...(draft.closesAt === draft.observeAt && { closesAt: event.target.value }),
            })
          }
          error={problems.observeAt}
          hint={t`Reports are taken from this moment on; the contract refuses earlier ones.`}
        />
        <div className="mt-2 flex flex-wrap gap-2">
          {AHEAD.map(({ label, seconds }) => (
            <Button
              key={seconds}
              size="small"
              onClick={() => {
                // Sources close their books by the minute, so the moment lies on one.
                const at = toInputTime(Math.ceil((chainNow() + seconds) / 60) * 60);
                set({ observeAt: at, closesAt: at });
              }}
            >
              {i18n._(label)}
            </Button>
          ))}
        </div>
      </div>
      <TextField
        label={t`Counts when public by (UTC, optional)`}
        type="datetime-local"
        step={1}
        className="num"
        value={draft.discloseBy}
        onChange={(event) => set({ discloseBy: event.target.value })}
        error={problems.discloseBy}
        hint={t`What became public later does not count, where a source tells. Reports wait until then.`}
      />
      {!isMany(draft) && (
        <TextField
          label={t`Stakes end (UTC)`}
          type="datetime-local"
          step={1}
          className="num"
          value={draft.closesAt}
          onChange={(event) => set({ closesAt: event.target.value })}
          error={problems.closesAt}
          hint={t`Not after the moment above. End earlier when the outcome can be guessed before.`}
        />
      )}
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label={t`Time to report`}
          inputMode="numeric"
          after="min"
          value={draft.reportMinutes}
          onChange={(event) => set({ reportMinutes: event.target.value })}
          error={problems.reportMinutes}
          hint={t`No answer by then: everybody is refunded.`}
        />
        <TextField
          label={t`Time until final (optional)`}
          inputMode="numeric"
          after="min"
          value={draft.livenessMinutes}
          onChange={(event) => set({ livenessMinutes: event.target.value })}
          error={problems.livenessMinutes}
          hint={t`Empty: as long as what hangs on the answer wants. It doubles where fewer than four fifths agree.`}
        />
      </div>
    </div>
  );
}
