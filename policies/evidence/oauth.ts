import { UNKNOWN } from "../../chart/values";
import { describe, type Finding, unknown, when } from "../control";
import { type Authenticator, authenticatorOf, type Trait } from "./authenticator";
import { type Hub, onHub } from "./hub";

/** Judges hubs whose login is OAuth; while that is open, nothing fails. */
export function onOAuth(judge: (hub: Hub, login: Authenticator) => Finding | readonly Finding[]) {
  return onHub((hub) => {
    const login = authenticatorOf(hub);
    if (login.kind === UNKNOWN) return unknown(login.path, describe(UNKNOWN), "a login whose settings can be judged");
    return when(login.isOAuth, "the login is not OAuth", () => judge(hub, login));
  });
}

/** The address that the provider sends people back to. */
export function callbackOf(login: Authenticator): Trait {
  return login.trait("oauth_callback_url");
}
