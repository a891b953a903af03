import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api.ts";
import { Button } from "../components/button.tsx";
import { PageHead, useTitle } from "../components/page.tsx";
import { Failure } from "../components/states.tsx";

const CONFIRM = {
  title: "Confirm your address",
  about: "From then on notifications of the wallet that the letter names are sent to you.",
  button: "Confirm it",
  done: "Your address is confirmed.",
  act: (token: string) => api.confirmMail({ token }),
};
const STOP = {
  title: "No more letters",
  about: "Your address is forgotten here. Whoever was only asked to confirm it is not asked again.",
  button: "Send me nothing more",
  done: "Nothing more is sent to you, and your address is forgotten.",
  act: (token: string) => api.unsubscribeMail({ token }),
};

export const ConfirmMailPage = () => <MailLink {...CONFIRM} />;
export const StopMailPage = () => <MailLink {...STOP} />;

/** What a letter's link opens. Programs that scan mail open it too, so nothing is done before somebody presses. */
function MailLink({ title, about, button, done, act }: typeof CONFIRM | typeof STOP) {
  useTitle(title);
  const [token] = useState(() => window.location.hash.slice(1));
  const doing = useMutation({ mutationFn: () => act(token) });
  return (
    <>
      <PageHead title={title}>{about}</PageHead>
      {doing.isSuccess ? (
        <p role="status">{done}</p>
      ) : (
        <Button look="primary" busy={doing.isPending} onClick={() => doing.mutate()}>
          {button}
        </Button>
      )}
      {doing.error && <Failure error={doing.error} />}
    </>
  );
}
