import { SecureHub } from "../../components";
import { awsAnswers } from "./aws-answers";
import { stackSettingsInput } from "./hub-settings";
import { record } from "./recorded-program";
import { remembered } from "./remembered";

/** The whole hub with a committed stack's settings. */
export const recordedHub = remembered((stack: "dev" | "prod", { preview = false } = {}) =>
  record(() => ({ url: new SecureHub("hub", stackSettingsInput(stack)).url }), { answers: awsAnswers, preview }),
);
