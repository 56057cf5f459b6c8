import type { Output } from "@pulumi/pulumi";
import type { Values } from "./value";

/** The secrets of a hub, in hexadecimal. */
export interface HubSecretValues {
  readonly proxyToken: Output<string>;
  readonly cookieSecret: Output<string>;
  readonly cryptKey: Output<string>;
}

/** Given explicitly, because what the chart makes up changes with every rendering and logs everybody out. */
export function secrets({ proxyToken, cookieSecret, cryptKey }: HubSecretValues): Values {
  return {
    proxy: { secretToken: proxyToken },
    hub: { cookieSecret, config: { CryptKeeper: { keys: [cryptKey] } } },
  };
}
