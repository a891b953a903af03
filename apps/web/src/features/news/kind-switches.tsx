import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, type NewsKind } from "../../api.ts";
import { Failure } from "../../components/states.tsx";
import { useAtOnce } from "../../components/use-at-once.ts";

const KINDS: readonly { kind: NewsKind; label: MessageDescriptor }[] = [
  { kind: "closed", label: msg`A market of mine closes` },
  { kind: "answered", label: msg`It is answered` },
  { kind: "disputed", label: msg`Somebody objects to its answer` },
  { kind: "reopened", label: msg`It is asked again` },
  { kind: "settled", label: msg`It is settled` },
  { kind: "void", label: msg`It is void` },
  { kind: "paid", label: msg`I am paid` },
  { kind: "reply", label: msg`Somebody replies to my comment` },
  { kind: "question", label: msg`Something becomes of a question of mine` },
  { kind: "juror", label: msg`I am drawn as a juror` },
  { kind: "bundle", label: msg`A bundle that I own or pay into ends` },
  { kind: "turn", label: msg`A bundle waits for me` },
];

/** Which kinds a wallet wants to hear of; each switch is kept at once. */
export function KindSwitches({ off }: { off: readonly NewsKind[] }) {
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: (next: NewsKind[]) => api.switchNotifications({ off: next }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["notifications"] }),
  });
  return (
    <>
      <KindChoice
        legend={t`Tell me when`}
        off={change.isPending ? change.variables : off}
        onChange={(next) => change.mutate(next)}
      />
      {change.error && <Failure error={change.error} />}
    </>
  );
}

/** A switch for each kind; `off` are those that are not wanted. */
export function KindChoice({
  legend,
  off,
  busy = false,
  onChange,
}: {
  legend: string;
  off: readonly NewsKind[];
  busy?: boolean;
  onChange: (off: NewsKind[]) => void;
}) {
  const [chosen, setChosen] = useAtOnce(off);
  const choose = (next: NewsKind[]) => {
    setChosen(next);
    onChange(next);
  };
  return (
    <fieldset className="grid gap-1" disabled={busy}>
      <legend className="mb-1.5 font-bold">{legend}</legend>
      {KINDS.map(({ kind, label }) => (
        <label key={kind} className="flex min-h-9 cursor-pointer items-center gap-3">
          <input
            type="checkbox"
            className="size-4 shrink-0 accent-(--accent)"
            checked={!chosen.includes(kind)}
            onChange={(event) =>
              choose(event.target.checked ? chosen.filter((each) => each !== kind) : [...chosen, kind])
            }
          />
          {i18n._(label)}
        </label>
      ))}
    </fieldset>
  );
}
