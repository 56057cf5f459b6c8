import { SecureHub, type SettingsInput } from "../../components";
import { awsAnswers } from "./aws-answers";
import { minimalSettings } from "./hub-settings";
import { type Answers, record } from "./recorded-program";

/** A whole hub with a login, and what it says of itself. */
export const recordedLogin = (
  auth: SettingsInput["auth"],
  { answers = {}, ...settings }: Partial<SettingsInput> & { answers?: Answers } = {},
) =>
  record(
    () => {
      const { url, posture } = new SecureHub("hub", { ...minimalSettings(), ...settings, auth });
      return { url, login: posture.login };
    },
    { answers: { ...awsAnswers, ...answers } },
  );
