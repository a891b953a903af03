import { i18n } from "@lingui/core";

/**
 * English needs no pack: its messages come with the code that shows them. The build has taken
 * apart those with holes in them already.
 * Whoever shows a message outside of the pages, as tests do, imports this first.
 */
if (import.meta.env.PROD) i18n.setMessagesCompiler((message) => [message]);
i18n.loadAndActivate({ locale: "en", messages: {} });
