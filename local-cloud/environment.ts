/** The environment of a Pulumi CLI that must not know the real one. */
import { devNull } from "node:os";

/** Everything by which Pulumi, a provider or a program would reach, or identify itself to, a real cloud. */
const REAL_ENVIRONMENT =
  /^(AWS_|AZURE_|ARM_|GOOGLE_|CLOUDSDK_|KUBE|HELM_|PULUMI_(ACCESS_TOKEN|API|BACKEND_URL|HOME|STACK|CONFIG|CREDENTIALS|DEBUG_(PROVIDERS|LANGUAGES)|CLOUD_|NODEJS_)|GITHUB_TOKEN$)/;

export interface LocalPulumi {
  readonly pulumiHome: string;
  readonly backend: string;
  /** Where Node keeps compiled code between runs (Node >= 22.1). */
  readonly compileCache: string;
  /** `aws:41001,eks:41002`: the providers that the engine attaches to. */
  readonly debugProviders?: string;
  /** `nodejs:41000`: the language host that the engine attaches to. */
  readonly debugLanguages?: string;
}

export function localEnvironment(outer: NodeJS.ProcessEnv, local: LocalPulumi): NodeJS.ProcessEnv {
  return {
    ...withoutRealEnvironment(outer),
    NO_PROXY: ["127.0.0.1", "localhost", outer.NO_PROXY ?? outer.no_proxy].filter(Boolean).join(","),
    PULUMI_HOME: local.pulumiHome,
    PULUMI_BACKEND_URL: `file://${local.backend}`,
    PULUMI_CONFIG_PASSPHRASE: "local cloud",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS: "true",
    NODE_COMPILE_CACHE: outer.NODE_COMPILE_CACHE ?? local.compileCache,
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: "true",
    ...(local.debugProviders === undefined ? {} : { PULUMI_DEBUG_PROVIDERS: local.debugProviders }),
    ...(local.debugLanguages === undefined
      ? {}
      : { PULUMI_DEBUG_LANGUAGES: local.debugLanguages, PULUMI_IGNORE_AMBIENT_PLUGINS: "true" }),
  };
}

function withoutRealEnvironment(outer: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(outer).filter(([name]) => !REAL_ENVIRONMENT.test(name) && name !== "no_proxy"),
  );
}
