import { i18n } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api.ts";
import { Button } from "../components/button.tsx";
import { PageHead, useTitle } from "../components/page.tsx";
import { Failure } from "../components/states.tsx";

const CONFIRM = {
  title: msg`Confirm your address`,
  about: msg`From then on notifications of the wallet that the letter names are sent to you.`,
  button: msg`Confirm it`,
  done: msg`Your address is confirmed.`,
  act: (token: string) => api.confirmMail({ token }),
};
const STOP = {
  title: msg`No more letters`,
  about: msg`Your address is forgotten here. Whoever was only asked to confirm it is not asked again.`,
  button: msg`Send me nothing more`,
  done: msg`Nothing more is sent to you, and your address is forgotten.`,
  act: (token: string) => api.unsubscribeMail({ token }),
};

export const ConfirmMailPage = () => <MailLink {...CONFIRM} />;
export const StopMailPage = () => <MailLink {...STOP} />;

/** What a letter's link opens. Programs that scan mail open it too, so nothing is done before somebody presses. */
function MailLink({ title, about, button, done, act }: typeof CONFIRM | typeof STOP) {
  useTitle(i18n._(title));
  const [token] = useState(() => window.location.hash.slice(1));
  const doing = useMutation({ mutationFn: () => act(token) });
  return (
    <>
      <PageHead title={i18n._(title)}>{i18n._(about)}</PageHead>
      {doing.isSuccess ? (
        <p role="status">{i18n._(done)}</p>
      ) : (
        <Button look="primary" busy={doing.isPending} onClick={() => doing.mutate()}>
          {i18n._(button)}
        </Button>
      )}
      {doing.error && <Failure error={doing.error} />}
    </>
  );
}
