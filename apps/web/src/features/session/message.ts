// A chunk of its own: who does not sign in loads nothing of what writes the message.
export { signInMessage } from "@sooth/sessions/core";
