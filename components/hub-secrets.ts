import * as pulumi from "@pulumi/pulumi";
import { RandomBytes } from "@pulumi/random";
import type { HubSecretValues } from "./values/secrets";

/** Arguments of {@link HubSecrets}. */
export interface HubSecretsArgs {
  /**
   * Counts rotations: another number makes new secrets. A new cookie secret logs everybody out; a new crypt key makes
   * stored authentication state unreadable. Default 1.
   */
  readonly rotation?: number;
}

/**
 * The three secrets of a hub, 32 random bytes each, in hexadecimal ("JupyterHub, Security settings": cookie secret and proxy
 * token). They are Pulumi secrets from the start and appear nowhere in plain text.
 */
export class HubSecrets extends pulumi.ComponentResource {
  /** With it the hub tells the proxy where to route. */
  readonly proxyToken: pulumi.Output<string>;
  /** Signs login cookies. */
  readonly cookieSecret: pulumi.Output<string>;
  /** Encrypts stored authentication state. */
  readonly cryptKey: pulumi.Output<string>;

  constructor(name: string, args: HubSecretsArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super("jupyterhub-eks:index:HubSecrets", name, args, opts);
    const randomHex = (purpose: string) => {
      const bytes = new RandomBytes(
        `${name}-${purpose}`,
        { length: 32, keepers: { rotation: String(args.rotation ?? 1) } },
        { parent: this },
      );
      return pulumi.secret(bytes.hex);
    };
    this.proxyToken = randomHex("proxy-token");
    this.cookieSecret = randomHex("cookie-secret");
    this.cryptKey = randomHex("crypt-key");
    this.registerOutputs({
      proxyToken: this.proxyToken,
      cookieSecret: this.cookieSecret,
      cryptKey: this.cryptKey,
    });
  }
}

/**
 * Secrets that somebody keeps elsewhere, checked once they are known.
 * @throws if one is not made of 32 bytes in hexadecimal: the hub would not start with it, or be guessed.
 */
export function keptSecrets(given: HubSecretValues): HubSecretValues {
  const checked = (name: keyof HubSecretValues) =>
    pulumi.secret(given[name]).apply((value) => {
      if (/^[0-9a-f]{64}$/i.test(value)) return value;
      throw new pulumi.RunError(
        `hub.secrets.${name} is (hidden): expected 32 random bytes in hexadecimal, 64 digits, as \`openssl rand -hex 32\` prints them`,
      );
    });
  return { proxyToken: checked("proxyToken"), cookieSecret: checked("cookieSecret"), cryptKey: checked("cryptKey") };
}
