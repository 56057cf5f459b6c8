import * as pulumi from "@pulumi/pulumi";
import { SettingsError } from "./config/problems";
import type { KubernetesComponentOptions } from "./home-storage";
import { certificateProblems, expiryWarning, keyProblem, tlsSecretName } from "./own-certificate";

/** Arguments of {@link TlsSecret}. */
export interface TlsSecretArgs {
  /** The hub's host name, which the certificate has to cover. */
  readonly host: string;
  /** Whether it has to cover the names below the host, too. Default: false. */
  readonly subdomains?: boolean | undefined;
  /** PEM text: the certificate, then those that issued it. */
  readonly certificate: pulumi.Input<string>;
  /** PEM text: the private key, without a passphrase. It becomes a Pulumi secret, whatever it was. */
  readonly key: pulumi.Input<string>;
  /** The hub's namespace. */
  readonly namespace: pulumi.Input<string>;
}

/**
 * A certificate of one's own as a Secret of type `kubernetes.io/tls`. Another certificate is another Secret: the proxy, which
 * reads its certificate when it starts, is then started anew.
 *
 * @throws SettingsError once certificate and key are known, during preview if they are known there: not for the host, not
 * valid today, weak, out of order, or not a pair.
 */
export class TlsSecret extends pulumi.ComponentResource {
  /** Name of the Secret, known once it exists. */
  readonly secretName: pulumi.Output<string>;

  constructor(name: string, args: TlsSecretArgs, opts: KubernetesComponentOptions) {
    const { host, subdomains = false, namespace } = args;
    super("jupyterhub-eks:index:TlsSecret", name, { host, subdomains, namespace }, opts);
    const now = new Date();
    const key = pulumi.secret(args.key);
    const certificate = pulumi.output(args.certificate);
    const pair = pulumi.all([certificate, key]).apply(([certificatePem, keyPem]) => {
      const problems = [
        ...certificateProblems(certificatePem, { host, subdomains, now }).map((each) => `https.certificate: ${each}`),
        ...[keyProblem(keyPem, certificatePem) ?? []].flat().map((each) => `https.key: ${each}`),
      ];
      if (problems.length > 0) throw new SettingsError(problems);
      return { certificate: certificatePem, key: keyPem };
    });
    certificate.apply((pem) => {
      const warning = expiryWarning(pem, now);
      if (warning !== undefined) pulumi.log.warn(warning, this);
    });
    const { Secret } =
      require("@pulumi/kubernetes/core/v1/secret") as typeof import("@pulumi/kubernetes/core/v1/secret");
    const secret = new Secret(
      name,
      {
        metadata: { name: certificate.apply(tlsSecretName), namespace },
        type: "kubernetes.io/tls",
        immutable: true,
        stringData: { "tls.crt": pair.certificate, "tls.key": pair.key },
      },
      { parent: this },
    );

    this.secretName = secret.metadata.name;
    this.registerOutputs({ secretName: this.secretName });
  }
}
