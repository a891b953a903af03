import { t } from "@lingui/core/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, type Channels } from "../../api.ts";
import { announce } from "../../components/announcer.tsx";
import { Button } from "../../components/button.tsx";
import { TextField } from "../../components/field.tsx";
import { Failure } from "../../components/states.tsx";
import { channelsQuery } from "../../queries.ts";
import { canPush, pushHere } from "./push-here.ts";
import { KindChoice } from "./kind-switches.tsx";

/** Where a wallet that is signed in is told besides on the page; what the server does not offer is not shown. */
export function ChannelSettings({ wallet }: { wallet: string }) {
  const channels = useQuery(channelsQuery(wallet)).data;
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: (run: () => Promise<Channels>) => run(),
    onSuccess: (next) => client.setQueryData(channelsQuery(wallet).queryKey, next),
    // What was shown as chosen may not be.
    onError: () => client.invalidateQueries({ queryKey: channelsQuery(wallet).queryKey }),
  });
  if (!channels) return null;
  const { mail, push } = channels;
  const choose = (next: { mailOff?: Kinds; pushOff?: Kinds }) => {
    const chosen = { mailOff: mail?.off ?? [], pushOff: push?.off ?? [], ...next };
    // An answer that is still under way knows nothing of the choice.
    void client.cancelQueries({ queryKey: channelsQuery(wallet).queryKey });
    client.setQueryData(channelsQuery(wallet).queryKey, {
      mail: mail && { ...mail, off: chosen.mailOff },
      push: push && { ...push, off: chosen.pushOff },
    });
    change.mutate(() => api.chooseChannels(chosen));
  };
  return (
    <>
      {mail && <MailSettings mail={mail} busy={change.isPending} run={change.mutate} />}
      {mail?.confirmed && (
        <KindChoice
          legend={t`Mail me when`}
          off={mail.off}
          busy={change.isPending}
          onChange={(mailOff) => choose({ mailOff })}
        />
      )}
      {push && canPush() && <PushSwitch push={push} busy={change.isPending} run={change.mutate} />}
      {push && push.browsers > 0 && (
        <KindChoice
          legend={t`Push to me when`}
          off={push.off}
          busy={change.isPending}
          onChange={(pushOff) => choose({ pushOff })}
        />
      )}
      {change.error && <Failure error={change.error} />}
    </>
  );
}
type Kinds = NonNullable<Channels["mail"]>["off"];
type Run = { busy: boolean; run: (change: () => Promise<Channels>) => void };

function MailSettings({ mail, busy, run }: { mail: NonNullable<Channels["mail"]> } & Run) {
  const [address, setAddress] = useState("");
  const { address: known, confirmed, refused } = mail;
  return (
    <section className="grid gap-3" aria-label={t`Mail`}>
      <h2 className="font-bold">{t`Mail`}</h2>
      {known !== null && (
        <p className="text-sm wrap-anywhere text-ink-2" role="status">
          {refused
            ? t`The mailbox ${known} does not take letters. Remove it, or name another one.`
            : confirmed
              ? t`Letters go to ${known}.`
              : t`A link was sent to ${known}. Nothing else goes there before it is followed.`}
        </p>
      )}
      {known === null ? (
        <form
          className="grid gap-3"
          onSubmit={(event) => {
            event.preventDefault();
            if (!busy) run(() => api.askMail({ address: address.trim() }));
          }}
        >
          <TextField
            label={t`Mail address`}
            type="email"
            autoComplete="email"
            required
            value={address}
            onChange={(event) => setAddress(event.target.value)}
            hint={t`It gets a link to confirm it. Many things at once are one letter.`}
          />
          <Button type="submit" busy={busy}>
            {t`Send the link`}
          </Button>
        </form>
      ) : (
        <Button
          busy={busy}
          onClick={() =>
            run(async () => {
              const left = await api.forgetMail();
              announce(t`The address is removed`);
              return left;
            })
          }
        >
          {t`Remove the address`}
        </Button>
      )}
    </section>
  );
}

function PushSwitch({ push, busy, run }: { push: NonNullable<Channels["push"]> } & Run) {
  return (
    <label className="flex min-h-9 cursor-pointer items-center gap-3 font-bold">
      <input
        type="checkbox"
        className="size-4 shrink-0 accent-(--accent)"
        checked={push.here}
        disabled={busy}
        onChange={(event) => {
          const isOn = event.target.checked;
          run(async () =>
            isOn
              ? api.subscribePush(await pushHere(push.publicKey))
              : api.unsubscribePush({ everywhere: "false" }),
          );
        }}
      />
      {t`Tell me in this browser`}
    </label>
  );
}
