import { Provider } from "@pulumi/kubernetes/provider";
import { awsAnswers } from "./aws-answers";
import { type RecordedProgram, record } from "./recorded-program";

/** Runs what works in a cluster, with a provider as a user makes one. */
export function recordInCluster(
  program: (provider: Provider) => Record<string, unknown>,
  { preview = false } = {},
): Promise<RecordedProgram> {
  return record(() => program(new Provider("mine", { kubeconfig: "{}" })), { answers: awsAnswers, preview });
}
